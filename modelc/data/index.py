"""Where each class of `modelc.data` is.

Made by `python docs/generate` from the classes themselves: change those, then run that again.
"""

from modelc.config.registry import Index

INDEX = Index(
    modules={
        "ArraysSource": "modelc.data.sources",
        "FilesSource": "modelc.data.sources",
        "PicturesSource": "modelc.data.sources",
        "TableSource": "modelc.data.sources",
    },
    aliases={
        "npz": "ArraysSource",
        "npy": "FilesSource",
        "pictures": "PicturesSource",
        "csv": "TableSource",
    },
)
