"""Makes test/data/pytorchCurves.json: the losses of fifty steps of AdamW in PyTorch.

    pip install torch==2.15.0 numpy
    python test/reference/pytorchCurves.py && npx prettier --write test/data/pytorchCurves.json

Two decoders of four layers; weights and tokens from the generator of pytorchTraining.py, a token's label
being three times its number and one, so that there is something to learn. The test is
src/core/onnx/trainingCurves.test.ts.
"""

import json
from pathlib import Path

import torch
import torch.nn.functional as F

import pytorchTraining as networks

STEPS, BATCH_SIZE, LEARNING_RATE = 50, 8, 0.01
networks.HIDDEN, networks.LAYERS, networks.INTERMEDIATE = 32, 4, 64


def losses(forward, shapes):
    stream = networks.uniforms(1)
    parameters = {
        name: networks.draw(stream, shape, 0.1).requires_grad_() for name, shape in shapes.items()
    }
    optimizer = torch.optim.AdamW(parameters.values(), lr=LEARNING_RATE, weight_decay=0.01)
    found = []
    for _ in range(STEPS):
        count = BATCH_SIZE * networks.TOKENS
        tokens = networks.draw_integers(stream, count, networks.VOCABULARY)
        labels = (3 * tokens + 1) % networks.VOCABULARY
        loss = F.cross_entropy(forward(tokens.reshape(BATCH_SIZE, -1), parameters), labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        found.append(loss.item())
    return found


def main():
    torch.set_num_threads(1)
    result = {
        "pytorch": torch.__version__,
        "batchSize": BATCH_SIZE,
        "learningRate": LEARNING_RATE,
        "losses": {
            "tiny-gpt2": losses(networks.gpt2, networks.decoder_shapes(True)),
            "tiny-llama": losses(networks.llama, networks.decoder_shapes(False)),
        },
    }
    path = Path(__file__).parent.parent / "data" / "pytorchCurves.json"
    path.write_text(json.dumps(result, indent=2) + "\n")


if __name__ == "__main__":
    main()
