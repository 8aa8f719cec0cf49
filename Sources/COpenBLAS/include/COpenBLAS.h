// OpenBLAS, loaded when it is first asked for.
//
// It makes its threads and looks up 12,000 of its own symbols while it is loaded: a third of the time that a process
// takes to start, and few cells multiply matrices.

#ifndef COPENBLAS_H
#define COPENBLAS_H

#if __has_include(<openblas-pthread/cblas.h>)
#include <openblas-pthread/cblas.h>
#else
#include <cblas.h>
#endif

/// The functions of OpenBLAS that Labbook uses, under their names without `cblas_` and `openblas_`.
struct openblas_functions {
  __typeof__(cblas_sgemm) *_Nonnull sgemm;
  __typeof__(cblas_dsyrk) *_Nonnull dsyrk;
  __typeof__(cblas_dgemv) *_Nonnull dgemv;
  __typeof__(cblas_dtrsv) *_Nonnull dtrsv;
  __typeof__(openblas_set_num_threads) *_Nonnull set_num_threads;
  __typeof__(openblas_get_corename) *_Nonnull get_corename;
  __typeof__(openblas_get_config) *_Nonnull get_config;
};

/// They, from any thread. Where OpenBLAS can't be loaded, the process says why and ends with status 127, as it would at
/// its start if it were linked.
const struct openblas_functions *_Nonnull openblas_load(void);

#endif
