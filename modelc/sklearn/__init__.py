"""Specs as estimators of scikit-learn (extra `sklearn`): in pipelines, searches and cross-validation."""

try:
    import sklearn as _sklearn
except ImportError:
    raise ImportError("modelc.sklearn needs scikit-learn: pip install 'modelc[sklearn]'") from None

from modelc.sklearn.classifier import ModelcClassifier
from modelc.sklearn.regressor import ModelcRegressor

del _sklearn

__all__ = ["ModelcClassifier", "ModelcRegressor"]
