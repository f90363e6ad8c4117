"""Specs as estimators: what they learn, what they leave to the data, and what scikit-learn does with them."""

from __future__ import annotations

import copy
import io
import pickle
import subprocess
import sys
from pathlib import Path
from typing import Any

import joblib
import numpy as np
import pandas
import pytest
from sklearn.base import clone
from sklearn.datasets import load_diabetes, load_digits, load_iris
from sklearn.dummy import DummyClassifier
from sklearn.linear_model import LinearRegression
from sklearn.metrics import log_loss
from sklearn.model_selection import GridSearchCV, cross_val_score, train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

import modelc
from modelc.callbacks import Callback, EarlyStopping
from modelc.sklearn import ModelcClassifier, ModelcRegressor

NET = """
modelc: 1
vars: {width: 8, n_classes: 2}
layers:
  - {type: Dense, units: "${width}", activation: tanh}
  - {type: Dense, units: "${n_classes}", activation: softmax}
training:
  loss: sparse_categorical_crossentropy
  optimizer: {type: Adam, learning_rate: 0.02}
  metrics: [accuracy]
  batch_size: 16
  epochs: 15
  seed: 4
"""

PICTURES = """
modelc: 1
vars: {n_classes: 10}
layers:
  - {type: Conv2D, filters: 8, kernel_size: 3, activation: relu}
  - {type: MaxPooling2D}
  - {type: Flatten}
  - {type: Dense, units: "${n_classes}"}
"""

IRIS = load_iris()
X, Y = StandardScaler().fit_transform(IRIS.data), IRIS.target
NAMES = IRIS.target_names[Y]


def test_iris_beyond_the_baseline() -> None:
    x, held_out, y, expected = train_test_split(X, NAMES, random_state=0, stratify=NAMES)
    baseline = DummyClassifier().fit(x, y).score(held_out, expected)
    made = ModelcClassifier(NET).fit(x, y)
    assert list(made.classes_) == ["setosa", "versicolor", "virginica"]
    assert made.score(held_out, expected) > 0.9 > baseline
    shares = made.predict_proba(held_out)
    np.testing.assert_allclose(shares.sum(axis=1), 1, rtol=1e-6)
    assert list(made.classes_[shares.argmax(axis=1)]) == list(made.predict(held_out))
    assert log_loss(expected, shares) < 0.5
    assert made.n_features_in_ == 4
    assert len(made.loss_curve_) == len(made.history_["accuracy"]) == 15
    assert made.loss_curve_[-1] < made.loss_curve_[0]
    assert made.model_.output_shape == (None, 3)
    assert not hasattr(made, "decision_function")


def test_it_is_the_model_that_fit_makes() -> None:
    """Its weights are those of the same spec, trained by `fit` with the same seed."""
    spec = modelc.load_spec(NET, settings=["vars.n_classes=3"]).with_input_shape((4,))
    model = spec.build(seed=4)
    training: Any = spec.training
    model.compile(training.optimizer, training.loss, metrics=training.metrics, seed=4)
    history = model.fit(X.astype(np.float32), Y, batch_size=16, epochs=15, verbose=0).history
    made = ModelcClassifier(NET).fit(X, NAMES)
    for one, other in zip(made.model_.get_weights(), model.get_weights(), strict=True):
        np.testing.assert_array_equal(one, other)
    assert made.history_ == history
    again = ModelcClassifier(NET, random_state=5).fit(X, NAMES)
    assert not np.array_equal(again.model_.get_weights()[0], model.get_weights()[0])
    drawn = [
        ModelcClassifier(NET, random_state=np.random.RandomState(1), epochs=1).fit(X, Y).model_.get_weights()
        for _ in range(2)
    ]
    np.testing.assert_array_equal(drawn[0][0], drawn[1][0])


def test_parameters_come_before_the_spec() -> None:
    made = ModelcClassifier(
        NET, epochs=2, batch_size=150, optimizer={"type": "SGD", "learning_rate": 0.5}, metrics=[], vars={"width": 3},
        loss="categorical_crossentropy",
    ).fit(X, Y)  # fmt: skip
    assert made.model_.optimizer.iterations == 2
    assert made.model_.optimizer.learning_rate == 0.5
    assert set(made.history_) == {"loss"}
    assert made.model_.layers[0].units == 3
    assert made.spec_.training.epochs == 15


def test_sources_of_specs(tmp_path: Path) -> None:
    (tmp_path / "base.yaml").write_text(NET)
    (tmp_path / "net.yaml").write_text("extends: base.yaml\nvars: {width: 5}\n")
    data = {
        "modelc": 1, "vars": {"n_features": 1, "n_classes": 9}, "input": {"shape": ["${n_features}"]},
        "layers": [{"type": "Dense", "units": "${n_classes}", "activation": "softmax"}],
    }  # fmt: skip
    spec = modelc.load_spec(NET, settings=["vars.n_classes=3"])
    for given in (NET, tmp_path / "net.yaml", str(tmp_path / "net.yaml"), data, spec):
        made = ModelcClassifier(given, epochs=1).fit(X, Y)
        assert made.model_.output_shape == (None, 3)
        assert made.model_.input_shape == (None, 4)
    assert ModelcClassifier(tmp_path / "net.yaml", epochs=1).fit(X, Y).model_.layers[0].units == 5
    assert data["vars"] == {"n_features": 1, "n_classes": 9}


# --- outputs


@pytest.mark.parametrize(
    ("last", "loss", "scores"),
    [
        ('{type: Dense, units: 1, activation: sigmoid}', None, False),
        ('{type: Dense, units: 1}', None, True),
        ('{type: Dense, units: 1, activation: sigmoid}', "binary_crossentropy", False),
        ('{type: Dense, units: 2, activation: softmax}', "categorical_crossentropy", False),
        ('{type: Dense, units: 2}', None, True),
        ('{type: Dense, units: 2}', {"type": "BinaryCrossentropy", "from_logits": True}, True),
        ('{type: Dense, units: 1, activation: tanh}', "hinge", True),
        ('{type: Dense, units: 2}', "categorical_hinge", True),
        ('{type: Dense, units: 2, activation: softmax}', "crossentropy", False),
    ],
)  # fmt: skip
def test_two_classes(last: str, loss: Any, scores: bool) -> None:
    text = f"modelc: 1\nlayers:\n  - {{type: Dense, units: 8, activation: tanh}}\n  - {last}\n"
    x, y = X[:100], np.where(Y[:100] == 1, "yes", "no")
    made = ModelcClassifier(text, loss=loss, optimizer={"type": "Adam", "learning_rate": 0.05}, epochs=10).fit(x, y)
    assert made.score(x, y) > 0.95
    assert hasattr(made, "decision_function") is scores
    is_margin = isinstance(loss, str) and "hinge" in loss
    assert hasattr(made, "predict_proba") is not is_margin
    if scores:
        values = made.decision_function(x)
        assert values.shape == (100,)
        np.testing.assert_array_equal(made.predict(x), made.classes_[(values > 0).astype(int)])
    if not is_margin:
        shares = made.predict_proba(x)
        np.testing.assert_allclose(shares.sum(axis=1), 1, rtol=1e-6)
        np.testing.assert_array_equal(made.predict(x), made.classes_[shares.argmax(axis=1)])
    if loss is None and scores and made.model_.output_shape == (None, 1):
        np.testing.assert_allclose(shares[:, 1], 1 / (1 + np.exp(-values.astype(float))), rtol=1e-6)


def test_large_logits() -> None:
    text = "modelc: 1\nlayers: [{type: Dense, units: 1}]\n"
    made = ModelcClassifier(text, epochs=1).fit(X[:100], Y[:100])
    made.model_.set_weights([np.array([[1e4], [0], [0], [0]]), np.array([0])])
    x = np.array([[-1, 0, 0, 0], [0, 0, 0, 0], [1, 0, 0, 0]])
    assert made.predict_proba(x).tolist() == [[1, 0], [0.5, 0.5], [0, 1]]


def test_logits_of_many_classes() -> None:
    text = NET.replace(", activation: softmax", "").replace("  loss: sparse_categorical_crossentropy\n", "")
    made = ModelcClassifier(text.partition("training:")[0], optimizer="adam", epochs=30).fit(X, Y)
    logits = made.decision_function(X)
    assert logits.shape == (150, 3)
    expected = np.exp(logits.astype(float))
    np.testing.assert_allclose(made.predict_proba(X), expected / expected.sum(axis=1, keepdims=True), rtol=1e-6)
    np.testing.assert_array_equal(made.predict(X), logits.argmax(axis=1))


def test_pictures() -> None:
    digits = load_digits()
    x, y = digits.images[:, :, :, None] / 16, digits.target
    adam = {"type": "Adam", "learning_rate": 0.01}
    x, held_out, y, expected = train_test_split(x, y, random_state=0)
    made = ModelcClassifier(PICTURES, optimizer=adam, epochs=6).fit(x, y)
    assert made.score(held_out, expected) > 0.94
    assert made.model_.input_shape == (None, 8, 8, 1)


def test_class_weights_and_sample_weights() -> None:
    x, y = np.random.default_rng(0).standard_normal((200, 2)), np.arange(200) % 2
    for weights in ({0: 50, 1: 0.1}, {0: 0.1, 1: 50}):
        made = ModelcClassifier(NET, class_weight=weights, epochs=30).fit(x, y)
        assert (made.predict(x) == max(weights, key=weights.__getitem__)).mean() > 0.9
    made = ModelcClassifier(NET, epochs=30).fit(x, y, sample_weight=np.where(y, 50, 0.1))
    assert made.predict(x).mean() > 0.9
    uneven = np.where(np.arange(200) < 20, "few", "many")
    balanced = ModelcClassifier(NET, class_weight="balanced", epochs=3).fit(x, uneven)
    expected = ModelcClassifier(NET, class_weight={"few": 5, "many": 200 / 360}, epochs=3).fit(x, uneven)
    np.testing.assert_allclose(balanced.model_.get_weights()[0], expected.model_.get_weights()[0])


def test_regression_of_several_outputs() -> None:
    x, y = load_diabetes(return_X_y=True)
    x, y = StandardScaler().fit_transform(x), StandardScaler().fit_transform(y[:, None])[:, 0]
    made = ModelcRegressor(epochs=60, validation_fraction=0.2).fit(x, y)
    assert made.predict(x).shape == (442,)
    assert made.score(x, y) > LinearRegression().fit(x, y).score(x, y)
    assert len(made.history_["val_loss"]) == 60
    both = np.stack([y, -2 * y], axis=1)
    several = ModelcRegressor(epochs=60).fit(x, both)
    assert (several.predict(x).shape, several.predict(x).dtype) == ((442, 2), np.float32)
    assert several.score(x, both) > 0.4
    assert ModelcRegressor(epochs=1).fit(x, y[:, None]).predict(x).shape == (442, 1)


# --- going on


def test_partial_fit_goes_on() -> None:
    """Epochs one by one are the epochs of a fit, also across a pickle in between."""
    whole = ModelcClassifier(NET, epochs=4).fit(X, NAMES)
    parts = ModelcClassifier(NET)
    parts.partial_fit(X, NAMES, classes=IRIS.target_names)
    parts.partial_fit(X, NAMES)
    parts = pickle.loads(pickle.dumps(parts))
    parts.partial_fit(X, NAMES)
    parts = copy.deepcopy(parts)
    parts.partial_fit(X, NAMES)
    assert parts.history_ == whole.history_
    for one, other in zip(parts.model_.get_weights(), whole.model_.get_weights(), strict=True):
        np.testing.assert_array_equal(one, other)


def test_warm_start_goes_on() -> None:
    whole = ModelcClassifier(NET, epochs=6).fit(X, Y)
    warm = ModelcClassifier(NET, epochs=3, warm_start=True).fit(X, Y)
    warm = pickle.loads(pickle.dumps(warm)).fit(X, Y)
    assert warm.history_ == whole.history_
    np.testing.assert_array_equal(warm.predict_proba(X), whole.predict_proba(X))
    with pytest.raises(ValueError, match="must have the classes"):
        warm.fit(X, Y * 2)
    cold = ModelcClassifier(NET, epochs=3).fit(X, Y)
    weights = cold.model_.get_weights()
    np.testing.assert_array_equal(cold.fit(X, Y).model_.get_weights()[0], weights[0])
    assert len(cold.loss_curve_) == 3


def test_validation_and_callbacks() -> None:
    class Count(Callback):
        """Counts epochs."""

        epochs = 0

        def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
            Count.epochs += 1

    made = ModelcClassifier(NET, validation_fraction=0.2, callbacks=Count(), epochs=5).fit(X, Y)
    assert Count.epochs == len(made.history_["val_accuracy"]) == 5
    stopping = EarlyStopping(monitor="val_loss", patience=1, min_delta=10.0)
    stopped = ModelcClassifier(NET, validation_fraction=0.2, callbacks=[stopping]).fit(X, Y)
    assert len(stopped.history_["val_loss"]) == 2
    assert len(stopped.fit(X, Y).history_["val_loss"]) == 2
    own = NET + "  validation: 0.3\n  callbacks: [{type: EarlyStopping, monitor: val_loss, min_delta: 10.0}]\n"
    assert len(ModelcClassifier(own).fit(X, Y).history_["val_loss"]) == 2


# --- in scikit-learn


def test_pipelines_and_searches_over_variables() -> None:
    search = GridSearchCV(
        make_pipeline(StandardScaler(), ModelcClassifier(NET, epochs=20)),
        {"modelcclassifier__vars__width": [np.int64(1), 12]},
        cv=3,
    ).fit(IRIS.data, NAMES)
    assert search.best_params_ == {"modelcclassifier__vars__width": 12}
    assert search.best_score_ > 0.85
    made = search.best_estimator_[-1]
    assert made.model_.layers[0].units == 12
    assert made.get_params()["vars__width"] == 12
    assert clone(made).get_params() == made.get_params()
    both = GridSearchCV(ModelcClassifier(NET, epochs=1), {"vars": [{"width": 2}, {"width": 3}]}, cv=2).fit(X, Y)
    assert both.best_params_["vars"]["width"] in (2, 3)


def test_setting_a_variable_keeps_the_others() -> None:
    given = {"width": 3}
    made = ModelcClassifier(NET, vars=given)
    made.set_params(vars__n_classes=4, epochs=2)
    assert made.vars == {"width": 3, "n_classes": 4}
    assert given == {"width": 3}
    assert "vars__width" not in made.get_params(deep=False)


def test_names_of_features() -> None:
    frame = pandas.DataFrame(X, columns=IRIS.feature_names)
    made = ModelcClassifier(NET, epochs=1).fit(frame, pandas.Series(NAMES))
    assert list(made.feature_names_in_) == IRIS.feature_names
    np.testing.assert_array_equal(made.predict(frame), ModelcClassifier(NET, epochs=1).fit(X, NAMES).predict(X))
    with pytest.raises(ValueError, match="feature names"):
        made.predict(frame[IRIS.feature_names[::-1]])


@pytest.mark.slow
def test_cross_validation_in_processes() -> None:
    scores = cross_val_score(ModelcClassifier(NET), X, NAMES, cv=3, n_jobs=2)
    np.testing.assert_array_equal(scores, cross_val_score(ModelcClassifier(NET), X, NAMES, cv=3))
    assert scores.min() > 0.85


def test_joblib_files(tmp_path: Path) -> None:
    made = ModelcClassifier(NET).fit(X, NAMES)
    joblib.dump(made, tmp_path / "m.joblib")
    again = joblib.load(tmp_path / "m.joblib")
    np.testing.assert_array_equal(again.predict_proba(X), made.predict_proba(X))
    assert list(again.predict(X[:2])) == list(made.predict(X[:2]))
    assert not hasattr(clone(made), "model_")


def test_what_a_pickle_names() -> None:
    """The estimator, NumPy's arrays, and the function that reads a model: no code, and no class of a layer."""
    named = set[tuple[str, str]]()

    class Noting(pickle.Unpickler):
        """Notes what a pickle names."""

        def find_class(self, module: str, name: str) -> Any:
            named.add((module, name))
            return super().find_class(module, name)

    Noting(io.BytesIO(pickle.dumps(ModelcClassifier(NET, warm_start=True).fit(X, NAMES)))).load()
    own = {one for one in named if one[0].startswith("modelc")}
    assert own == {
        ("modelc.sklearn.classifier", "ModelcClassifier"), ("modelc.sklearn.scores", "Scores"),
        ("modelc.model.build", "unpickled_model"), ("modelc.model.spec", "unpickled_spec"),
    }  # fmt: skip


# --- mistakes


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"spec": 5}, "`spec` must be a spec, found the number 5"),
        ({"spec": "nowhere.yaml"}, "nowhere.yaml: error[E101]"),
        ({"spec": NET.replace("tanh", "tan_h")}, "<spec>:5:50: error[E204]"),
        ({"vars": {"widht": 3}}, "unknown variable `widht`\n  help: did you mean `width`?"),
        ({"vars": {"width": object()}}, "the variable `width` cannot be a object"),
        ({"vars": [3]}, "`vars` must be values by the names of variables"),
        ({"vars": {"n_classes": 7}}, "the model gives (7,) for each sample, expected 3: one for each class of y"),
        ({"spec": modelc.load_spec(NET), "vars": {"width": 3}}, "have their values already"),
        ({"epochs": 0}, "`epochs` must be at least 1, found 0"),
        ({"epochs": 2.5}, "`epochs` must be an integer"),
        ({"batch_size": -1}, "`batch_size`"),
        ({"optimizer": "adma"}, "did you mean `adam`?"),
        ({"loss": "msee"}, "did you mean `mse`?"),
        ({"validation_fraction": 1.5}, "`validation_fraction` must be from 0 to below 1"),
        ({"random_state": -4}, "`seed` must be from 0"),
        ({"callbacks": [3]}, "callback"),
        ({"verbose": 7}, "`verbose` is 0, 1, 2"),
    ],
)
def test_mistakes_are_value_errors(parameters: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError) as raised:
        ModelcClassifier(**{"spec": NET, **parameters}).fit(X, Y)
    assert message in str(raised.value)


def test_mistakes_in_the_data() -> None:
    with pytest.raises(ValueError, match="too large"):
        ModelcClassifier(NET, epochs=1).fit(np.full((4, 2), 1e300), [0, 1, 0, 1])
    fixed = NET.replace("layers:", "input: {shape: [3]}\nlayers:")
    with pytest.raises(ValueError, match=r"the input has the shape \(150, 4\), expected \(None, 3\)"):
        ModelcClassifier(fixed).fit(X, Y)
    made = ModelcClassifier(NET, epochs=1)
    with pytest.raises(ValueError, match="classes must be passed"):
        made.partial_fit(X, Y)
    made.partial_fit(X, Y, classes=[0, 1, 2])
    with pytest.raises(ValueError, match="none of the classes"):
        made.partial_fit(X, Y + 1)
    with pytest.raises(ValueError, match="those of the first call"):
        made.partial_fit(X, Y, classes=[0, 1])
    with pytest.raises(ValueError, match="leaves none to train on"):
        ModelcClassifier(NET, validation_fraction=0.999).fit(X, Y)
    with pytest.raises(ValueError, match="`vars` must be values by the names of variables"):
        ModelcClassifier(NET, vars=[3]).set_params(vars__width=3)  # pyright: ignore[reportArgumentType]
    with pytest.raises(ValueError, match="balanced"):
        ModelcClassifier(NET, class_weight="balanced").partial_fit(X, Y, classes=[0, 1, 2])
    with pytest.raises(ValueError, match="the loss of step 2 is inf"):
        ModelcRegressor(optimizer={"type": "SGD", "learning_rate": 1e9}, epochs=50).fit(X, X.sum(axis=1))


def test_without_scikit_learn() -> None:
    code = "import sys; sys.modules['sklearn'] = None; import modelc.sklearn"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=60)
    assert done.stderr.strip().endswith("modelc.sklearn needs scikit-learn: pip install 'modelc[sklearn]'")
