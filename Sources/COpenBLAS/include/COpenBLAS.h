// OpenBLAS, loaded when it is first used.
//
// While OpenBLAS is loaded, it starts its threads, and the dynamic linker resolves its 12,000 symbols. That takes a
// third of a process's start time, and few cells multiply matrices.

#ifndef COPENBLAS_H
#define COPENBLAS_H

#if __has_include(<openblas-pthread/cblas.h>)
#include <openblas-pthread/cblas.h>
#else
#include <cblas.h>
#endif

/// The functions of OpenBLAS that Labbook uses, by their names without the prefixes `cblas_` and `openblas_`.
struct openblas_functions {
  __typeof__(cblas_sgemm) *_Nonnull sgemm;
  __typeof__(cblas_dsyrk) *_Nonnull dsyrk;
  __typeof__(cblas_dgemv) *_Nonnull dgemv;
  __typeof__(cblas_dtrsv) *_Nonnull dtrsv;
  __typeof__(openblas_set_num_threads) *_Nonnull set_num_threads;
  __typeof__(openblas_get_corename) *_Nonnull get_corename;
  __typeof__(openblas_get_config) *_Nonnull get_config;
};

/// Loads OpenBLAS and returns its functions; any thread may call it. If OpenBLAS can't be loaded, the process prints
/// the cause and exits with status 127, as a process does at its start if a linked library is missing.
const struct openblas_functions *_Nonnull openblas_load(void);

#endif
