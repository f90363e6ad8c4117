"""The parameters of the layers' constructors in Keras 3.15.1, in order, less those that modelc does not have:
`input_tensor`, `weights` of Embedding and Bidirectional, `quantization_config`, `gptq_unpacked_column_size`, and the
ones that it takes by keyword only.
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

_PROJECTIONS = (
    "sliding_window flash_attention kernel_initializer bias_initializer kernel_regularizer bias_regularizer "
    "activity_regularizer kernel_constraint bias_constraint use_gate seed"
)
_DRAWN = "use_bias kernel_initializer recurrent_initializer bias_initializer"
_PENALTIES = "kernel_regularizer recurrent_regularizer bias_regularizer"
_DROPPING = "kernel_constraint recurrent_constraint bias_constraint dropout recurrent_dropout"
_SIMPLE_CELL = f"units activation {_DRAWN} {_PENALTIES}"
_LSTM_CELL = f"units activation recurrent_activation {_DRAWN} unit_forget_bias {_PENALTIES}"
_GRU_CELL = f"units activation recurrent_activation {_DRAWN} {_PENALTIES}"
_RUN = "return_sequences return_state go_backwards stateful"

_SIGNATURES = {
    "Activation": "activation",
    "ReLU": "max_value negative_slope threshold",
    "LeakyReLU": "negative_slope",
    "PReLU": "alpha_initializer alpha_regularizer alpha_constraint shared_axes",
    "SReLU": "t_left_initializer a_left_initializer t_right_initializer a_right_initializer shared_axes",  # of Keras 1
    "ParametricSoftplus": "alpha_initializer beta_initializer shared_axes",
    "SampleNormalization": ("epsilon gamma_initializer beta_initializer gamma_regularizer beta_regularizer"),
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
    "LocallyConnected1D LocallyConnected2D": (  # of Keras 2
        f"filters kernel_size strides padding data_format {_KERNEL} implementation"
    ),
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
    "AdaptiveAveragePooling1D AdaptiveAveragePooling2D AdaptiveAveragePooling3D": "output_size data_format",
    "AdaptiveMaxPooling1D AdaptiveMaxPooling2D AdaptiveMaxPooling3D": "output_size data_format",
    "Resizing": (
        "height width interpolation crop_to_aspect_ratio pad_to_aspect_ratio fill_mode fill_value antialias data_format"
    ),
    "CenterCrop": "height width data_format",
    "CategoryEncoding": "num_tokens output_mode sparse",
    "IntegerLookup": (
        "max_tokens num_oov_indices mask_token oov_token vocabulary vocabulary_dtype idf_weights invert output_mode "
        "sparse pad_to_max_tokens oov_method"
    ),
    "Discretization": "bin_boundaries num_bins epsilon output_mode sparse",
    "ReversibleEmbedding": (
        "input_dim output_dim tie_weights embeddings_initializer embeddings_regularizer embeddings_constraint "
        "mask_zero reverse_dtype logit_soft_cap"
    ),
    "ActivityRegularization": "l1 l2",
    "LayerScale": "init_values projection_dim",
    "StochasticDepth": "drop_path_rate",
    "CustomScaleLayer": "scale",
    "SpectralNormalization": "layer power_iterations",
    "Operation": "operation operands arguments",
    "AugMix": "value_range num_chains chain_depth factor alpha all_ops interpolation seed data_format",
    "CutMix": "factor seed data_format",
    "Equalization": "value_range bins data_format",
    "MixUp": "alpha data_format seed",
    "RandAugment": "value_range num_ops factor interpolation seed data_format",
    "RandomBrightness RandomContrast": "factor value_range seed",
    "RandomColorDegeneration RandomHue RandomPosterization RandomSaturation RandomSharpness": (
        "factor value_range data_format seed"
    ),
    "RandomColorJitter": (
        "value_range brightness_factor contrast_factor saturation_factor hue_factor seed data_format"
    ),
    "RandomCrop": "height width seed data_format",
    "RandomElasticTransform": "factor scale interpolation fill_mode fill_value value_range seed data_format",
    "RandomErasing": "factor scale fill_value value_range seed data_format",
    "RandomFlip": "mode seed data_format",
    "RandomGaussianBlur": "factor kernel_size sigma value_range data_format seed",
    "RandomGrayscale": "factor data_format seed",
    "RandomInvert": "factor value_range seed data_format",
    "RandomPerspective": "factor scale interpolation fill_value seed data_format",
    "RandomRotation": "factor fill_mode interpolation seed fill_value data_format",
    "RandomShear": "x_factor y_factor interpolation fill_mode fill_value data_format seed",
    "RandomTranslation RandomZoom": ("height_factor width_factor fill_mode interpolation seed fill_value data_format"),
    "AutoContrast": "value_range",
    "Pipeline": "layers",
    "STFTSpectrogram": (
        "mode frame_length frame_step fft_length window periodic scaling padding expand_dims data_format"
    ),
    "MelSpectrogram": (
        "fft_length sequence_stride sequence_length window sampling_rate num_mel_bins min_freq max_freq power_to_db "
        "top_db mag_exp min_power ref_power"
    ),
    "Add Subtract Multiply Average Maximum Minimum": "",
    "Concatenate": "axis",
    "Dot": "axes normalize",
    "EinsumDense": (
        "equation output_shape activation bias_axes kernel_initializer bias_initializer kernel_regularizer "
        "bias_regularizer kernel_constraint bias_constraint lora_rank lora_alpha"
    ),
    "Attention": "use_scale score_mode dropout seed",
    "AdditiveAttention": "use_scale dropout",
    "MultiHeadAttention": (f"num_heads key_dim value_dim dropout use_bias output_shape attention_axes {_PROJECTIONS}"),
    "GroupQueryAttention": f"head_dim num_query_heads num_key_value_heads dropout use_bias {_PROJECTIONS}",
    "Masking": "mask_value",
    "SimpleRNN": f"{_SIMPLE_CELL} activity_regularizer {_DROPPING} {_RUN} unroll seed",
    "LSTM": f"{_LSTM_CELL} activity_regularizer {_DROPPING} seed {_RUN} unroll use_cudnn",
    "GRU": f"{_GRU_CELL} activity_regularizer {_DROPPING} seed {_RUN} unroll reset_after use_cudnn",
    "SimpleRNNCell": f"{_SIMPLE_CELL} {_DROPPING} seed",
    "LSTMCell": f"{_LSTM_CELL} {_DROPPING} seed",
    "GRUCell": f"{_GRU_CELL} {_DROPPING} reset_after seed",
    "StackedRNNCells": "cells",
    "RNN": f"cell {_RUN} unroll zero_output_for_mask",
    "Bidirectional": "layer merge_mode backward_layer",
    "TimeDistributed": "layer",
    "ConvLSTM1D ConvLSTM2D ConvLSTM3D": (
        "filters kernel_size strides padding data_format dilation_rate"
        f" {_LSTM_CELL.removeprefix('units ')} activity_regularizer {_DROPPING} seed {_RUN}"
    ),
    "Solarization": "addition_factor threshold_factor value_range seed",
}

SIGNATURES = {name: parameters.split() for names, parameters in _SIGNATURES.items() for name in names.split()}
