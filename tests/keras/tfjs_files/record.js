// Record models of TensorFlow.js: NAME/model.json with its shards here, and NAME/io.json with inputs and outputs.
//
//     npm install @tensorflow/tfjs-layers@4 @tensorflow/tfjs-core@4 @tensorflow/tfjs-backend-cpu@4
//     NODE_PATH=node_modules node record.js
const fs = require("fs");
const path = require("path");
const tf = require("@tensorflow/tfjs-core");
const tfl = require("@tensorflow/tfjs-layers");
require("@tensorflow/tfjs-backend-cpu");

const L = tfl.layers;
const SHARD_BYTES = 512;

const CASES = {
  images: () =>
    tfl.sequential({
      layers: [
        L.conv2d({ inputShape: [8, 7, 2], filters: 4, kernelSize: [3, 2], activation: "relu", padding: "same" }),
        L.batchNormalization({}), L.maxPooling2d({ poolSize: 2 }), L.depthwiseConv2d({ kernelSize: 2 }),
        L.separableConv2d({ filters: 3, kernelSize: 2 }), L.flatten(), L.dropout({ rate: 0.3 }),
        L.dense({ units: 3, activation: "softmax" }),
      ],
    }),
  words: () => {
    const x = tfl.input({ shape: [6], dtype: "int32" });
    const e = L.embedding({ inputDim: 7, outputDim: 4, maskZero: true }).apply(x);
    const b = L.bidirectional({ layer: L.lstm({ units: 3, returnSequences: true, recurrentInitializer: "glorotUniform" }), mergeMode: "concat" }).apply(e);
    const g = L.gru({ units: 3, recurrentActivation: "hardSigmoid", recurrentInitializer: "glorotUniform" }).apply(b);
    return tfl.model({ inputs: x, outputs: [L.dense({ units: 2, activation: "hardSigmoid" }).apply(g)] });
  },
  nested: () => {
    const inner = tfl.sequential({ layers: [L.dense({ inputShape: [4], units: 3 }), L.batchNormalization({})] });
    const x = tfl.input({ shape: [4] });
    const y = tfl.input({ shape: [3] });
    const z = L.concatenate({}).apply([inner.apply(x), L.leakyReLU({ alpha: 0.2 }).apply(y)]);
    return tfl.model({ inputs: [x, y], outputs: [L.dense({ units: 2 }).apply(z), L.add().apply([inner.apply(x), y])] });
  },
};

async function main() {
  await tf.setBackend("cpu");
  for (const [name, build] of Object.entries(CASES)) {
    const model = build();
    let seed = 1;
    const next = () => ((seed = (seed * 16807) % 2147483647) / 2147483647) - 0.5;
    model.setWeights(
      model.weights.map((w) =>
        tf.tensor(Array.from({ length: w.shape.reduce((a, b) => a * b, 1) }, () =>
          w.name.endsWith("moving_variance") ? next() + 1 : next()), w.shape)));
    const inputs = model.inputs.map((x) => {
      const shape = [3, ...x.shape.slice(1)];
      const size = shape.reduce((a, b) => a * b, 1);
      const values = Array.from({ length: size }, () => (x.dtype === "int32" ? Math.floor((next() + 0.5) * 7) : next() * 4));
      return tf.tensor(values, shape, x.dtype);
    });
    const made = model.predict(inputs.length > 1 ? inputs : inputs[0]);
    const outputs = Array.isArray(made) ? made : [made];
    const folder = path.join(__dirname, name);
    fs.mkdirSync(folder, { recursive: true });
    await model.save(tf.io.withSaveHandler(async (a) => {
      const data = Buffer.from(tf.io.CompositeArrayBuffer ? tf.io.CompositeArrayBuffer.join(a.weightData) : a.weightData);
      const count = Math.ceil(data.length / SHARD_BYTES);
      const paths = Array.from({ length: count }, (_, i) => `group1-shard${i + 1}of${count}.bin`);
      paths.forEach((p, i) => fs.writeFileSync(path.join(folder, p), data.subarray(i * SHARD_BYTES, (i + 1) * SHARD_BYTES)));
      const { weightSpecs, weightData, ...rest } = a;
      const json = { ...rest, weightsManifest: [{ paths, weights: weightSpecs }] };
      fs.writeFileSync(path.join(folder, "model.json"), JSON.stringify(json));
      return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: "JSON" } };
    }));
    const flat = (t) => ({ shape: t.shape, values: Array.from(t.dataSync()) });
    fs.writeFileSync(path.join(folder, "io.json"), JSON.stringify({
      inputs: inputs.map(flat), outputs: outputs.map(flat), params: model.countParams() }));
    console.log(name, outputs.map((y) => y.shape));
  }
}
main();
