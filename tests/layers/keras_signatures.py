"""The parameters of the layers' constructors in Keras 3.15.1, in order, less those that modelc does not have:
`input_tensor`, `weights` of Embedding, `quantization_config`, and the ones that it takes by keyword only.
"""

from __future__ import annotations

_KERNEL = (
    "activation use_bias kernel_initializer bias_initializer kernel_regularizer bias_regularizer "
    "activity_regularizer kernel_constraint bias_constraint"
)
_DEPTHWISE = (
    "activation use_bias depthwise_initializer bias_initializer depthwise_regularizer bias_regularizer "
    "activity_regularizer depthwise_constraint bias_constraint"
)
_SEPARABLE = (
    "activation use_bias depthwise_initializer pointwise_initializer bias_initializer depthwise_regularizer "
    "pointwise_regularizer bias_regularizer activity_regularizer depthwise_constraint pointwise_constraint "
    "bias_constraint"
)
_AFFINE = (
    "epsilon center scale beta_initializer gamma_initializer beta_regularizer gamma_regularizer beta_constraint "
    "gamma_constraint"
)

_SIGNATURES = {
    "Activation": "activation",
    "ReLU": "max_value negative_slope threshold",
    "LeakyReLU": "negative_slope",
    "PReLU": "alpha_initializer alpha_regularizer alpha_constraint shared_axes",
    "ELU": "alpha",
    "Softmax UnitNormalization": "axis",
    "InputLayer": "shape batch_size sparse ragged optional",
    "Dense": f"units {_KERNEL} lora_rank lora_alpha",
    "Embedding": (
        "input_dim output_dim embeddings_initializer embeddings_regularizer embeddings_constraint mask_zero "
        "lora_rank lora_alpha"
    ),
    "Identity": "",
    "Conv1D Conv2D Conv3D": f"filters kernel_size strides padding data_format dilation_rate groups {_KERNEL}",
    "DepthwiseConv1D DepthwiseConv2D": (
        f"kernel_size strides padding depth_multiplier data_format dilation_rate {_DEPTHWISE}"
    ),
    "SeparableConv1D SeparableConv2D": (
        f"filters kernel_size strides padding data_format dilation_rate depth_multiplier {_SEPARABLE}"
    ),
    "Conv1DTranspose Conv2DTranspose": (
        f"filters kernel_size strides padding output_padding data_format dilation_rate {_KERNEL}"
    ),
    "Conv3DTranspose": f"filters kernel_size strides padding data_format output_padding dilation_rate {_KERNEL}",
    "MaxPooling1D MaxPooling2D MaxPooling3D AveragePooling1D AveragePooling2D AveragePooling3D": (
        "pool_size strides padding data_format"
    ),
    "GlobalMaxPooling1D GlobalMaxPooling2D GlobalMaxPooling3D": "data_format keepdims",
    "GlobalAveragePooling1D GlobalAveragePooling2D GlobalAveragePooling3D": "data_format keepdims",
    "BatchNormalization": (
        "axis momentum epsilon center scale beta_initializer gamma_initializer moving_mean_initializer "
        "moving_variance_initializer beta_regularizer gamma_regularizer beta_constraint gamma_constraint renorm "
        "renorm_clipping renorm_momentum synchronized"
    ),
    "LayerNormalization": f"axis {_AFFINE}",
    "GroupNormalization": f"groups axis {_AFFINE}",
    "RMSNormalization": "axis epsilon",
    "Dropout AlphaDropout": "rate noise_shape seed",
    "SpatialDropout1D GaussianDropout": "rate seed",
    "SpatialDropout2D SpatialDropout3D": "rate data_format seed",
    "GaussianNoise": "stddev seed",
    "Flatten": "data_format",
    "Reshape": "target_shape",
    "Permute": "dims",
    "RepeatVector": "n",
    "ZeroPadding1D ZeroPadding2D ZeroPadding3D": "padding data_format",
    "Cropping1D": "cropping",
    "Cropping2D Cropping3D": "cropping data_format",
    "UpSampling1D": "size",
    "UpSampling2D": "size data_format interpolation",
    "UpSampling3D": "size data_format",
    "Rescaling": "scale offset",
    "Normalization": "axis mean variance invert",
}

SIGNATURES = {name: parameters.split() for names, parameters in _SIGNATURES.items() for name in names.split()}
