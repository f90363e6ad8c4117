"""Other runtimes beside a model, each in a process of its own: ONNX Runtime and OpenVINO (extra `peers`)."""
