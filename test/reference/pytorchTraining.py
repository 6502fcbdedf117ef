"""Makes test/data/pytorchTraining.json: what PyTorch gives for the digit networks.

    pip install torch==2.6.0 numpy
    python test/reference/pytorchTraining.py

Weights, images and labels come from a generator of 32-bit integers that the test
(src/core/onnx/trainingParity.test.ts) has too, so that only results are stored: the loss of each of
ten steps with every optimizer, and of every tensor its length and its product with a fixed direction:
the gradients of the first step, the weights after the last.
"""

import json
import math
from pathlib import Path

import torch
import torch.nn.functional as F

STEPS = 10
BATCH_SIZE = 16
OPTIMIZERS = {
    "sgd": (torch.optim.SGD, {"lr": 0.05}),
    "momentum": (torch.optim.SGD, {"lr": 0.02, "momentum": 0.9}),
    "adam": (torch.optim.Adam, {"lr": 0.002}),
    "adamw": (torch.optim.AdamW, {"lr": 0.002, "weight_decay": 0.01}),
}


def uniforms(seed):
    """Linear congruential generator (Press et al., Numerical Recipes): numbers in [0, 1)."""
    state = seed
    while True:
        state = (state * 1664525 + 1013904223) % 2**32
        yield state / 2**32


def draw(stream, shape, bound):
    """fp32 tensor, evenly between -bound and bound, row by row."""
    count = math.prod(shape)
    values = [(2 * next(stream) - 1) * bound for _ in range(count)]
    return torch.tensor(values, dtype=torch.float64).to(torch.float32).reshape(shape)


def mlp(x, p):
    x = F.relu(x @ p["linear1.weight"] + p["linear1.bias"])
    x = F.relu(x @ p["linear2.weight"] + p["linear2.bias"])
    return x @ p["linear3.weight"] + p["linear3.bias"]


def cnn(x, p):
    x = F.relu(F.conv2d(x, p["conv1.weight"], p["conv1.bias"], padding=1))
    x = F.relu(F.conv2d(x, p["conv2.weight"], p["conv2.bias"], stride=2, padding=1))
    return x.flatten(1) @ p["linear.weight"] + p["linear.bias"]


NETWORKS = {
    "digits-mlp": {
        "forward": mlp,
        "input": [64],
        "shapes": {
            "linear1.weight": [64, 128],
            "linear1.bias": [128],
            "linear2.weight": [128, 64],
            "linear2.bias": [64],
            "linear3.weight": [64, 10],
            "linear3.bias": [10],
        },
    },
    "digits-cnn": {
        "forward": cnn,
        "input": [1, 8, 8],
        "shapes": {
            "conv1.weight": [16, 1, 3, 3],
            "conv1.bias": [16],
            "conv2.weight": [32, 16, 3, 3],
            "conv2.bias": [32],
            "linear.weight": [512, 10],
            "linear.bias": [10],
        },
    },
}


def measure(tensor):
    """Length, and product with a direction that no permutation or sign change leaves alone."""
    flat = tensor.detach().to(torch.float64).flatten()
    stream = uniforms(7)
    direction = torch.tensor([2 * next(stream) - 1 for _ in range(flat.numel())], dtype=torch.float64)
    return {"length": flat.norm().item(), "product": (flat @ direction).item()}


def train(network, make_optimizer, settings):
    stream = uniforms(1)
    parameters = {
        name: draw(stream, shape, 0.1).requires_grad_() for name, shape in network["shapes"].items()
    }
    optimizer = make_optimizer(parameters.values(), **settings)
    losses, gradients = [], None
    for _ in range(STEPS):
        images = (draw(stream, [BATCH_SIZE, *network["input"]], 0.5) + 0.5).to(torch.float32)
        labels = torch.tensor([int(next(stream) * 10) for _ in range(BATCH_SIZE)])
        loss = F.cross_entropy(network["forward"](images, parameters), labels)
        optimizer.zero_grad()
        loss.backward()
        if gradients is None:
            gradients = {name: measure(value.grad) for name, value in parameters.items()}
        optimizer.step()
        losses.append(loss.item())
    weights = {name: measure(value) for name, value in parameters.items()}
    return losses, gradients, weights


def main():
    torch.set_num_threads(1)
    result = {"pytorch": torch.__version__, "batchSize": BATCH_SIZE, "networks": {}}
    for name, network in NETWORKS.items():
        runs = {}
        for optimizer, (make_optimizer, settings) in OPTIMIZERS.items():
            losses, gradients, weights = train(network, make_optimizer, settings)
            runs[optimizer] = {
                "learningRate": settings["lr"],
                "losses": losses,
                "weights": weights,
            }
        result["networks"][name] = {"gradients": gradients, "optimizers": runs}
    path = Path(__file__).parent.parent / "data" / "pytorchTraining.json"
    path.write_text(json.dumps(result, indent=2) + "\n")


if __name__ == "__main__":
    main()
