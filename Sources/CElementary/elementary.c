#define _GNU_SOURCE
#include "CElementary.h"

#include <dlfcn.h>
#include <float.h>
#include <math.h>
#include <mpfr.h>
#include <pthread.h>
#include <stdio.h>
#include <unistd.h>

// MPFR (Fousse and others, 2007) is loaded when the first value needs it. About one value in some dozens does.

typedef int (*mpfr_unary)(mpfr_t, mpfr_srcptr, mpfr_rnd_t);

static struct {
  __typeof__(mpfr_init2) *init2;
  __typeof__(mpfr_clear) *clear;
  int (*set_d)(mpfr_t, double, mpfr_rnd_t);
  double (*get_d)(mpfr_srcptr, mpfr_rnd_t);
  __typeof__(mpfr_set_emin) *set_emin;
  __typeof__(mpfr_set_emax) *set_emax;
  __typeof__(mpfr_get_emin) *get_emin;
  __typeof__(mpfr_get_emax) *get_emax;
  __typeof__(mpfr_check_range) *check_range;
  __typeof__(mpfr_subnormalize) *subnormalize;
  int (*pow)(mpfr_t, mpfr_srcptr, mpfr_srcptr, mpfr_rnd_t);
  mpfr_unary functions[ELEMENTARY_COUNT];
} library;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void fail(void) {
  const char *cause = dlerror();
  fprintf(stderr, "labbook: MPFR can't be loaded: %s\n  Install it: apt install libmpfr6\n",
          cause ? cause : "it lacks a function");
  fflush(stderr);
  _exit(127);
}

static void *find(void *handle, const char *name) {
  void *function = dlsym(handle, name);
  if (!function) fail();
  return function;
}

static void load(void) {
  static const char *const names[ELEMENTARY_COUNT] = {
    "mpfr_exp", "mpfr_expm1", "mpfr_log", "mpfr_log1p", "mpfr_log2", "mpfr_log10",
    "mpfr_sin", "mpfr_cos", "mpfr_tanh", "mpfr_atan", "mpfr_erf",
  };
  void *handle = dlopen("libmpfr.so.6", RTLD_NOW | RTLD_LOCAL);
  if (!handle) fail();
#define FIND(name) library.name = (__typeof__(library.name))find(handle, "mpfr_" #name)
  FIND(init2);
  FIND(clear);
  FIND(set_d);
  FIND(get_d);
  FIND(set_emin);
  FIND(set_emax);
  FIND(get_emin);
  FIND(get_emax);
  FIND(check_range);
  FIND(subnormalize);
  FIND(pow);
#undef FIND
  for (int i = 0; i < ELEMENTARY_COUNT; i++) library.functions[i] = (mpfr_unary)find(handle, names[i]);
}

/// Returns `unary(x)`, or x^y if `unary` is NULL, rounded once to a double, which may be subnormal.
static double by_mpfr(mpfr_unary unary, double x, double y) {
  // The exponent range of a double, as MPFR's manual sets it. MPFR keeps this range for each thread.
  const mpfr_exp_t emin = library.get_emin(), emax = library.get_emax();
  mpfr_t argument, exponent, result;
  library.init2(argument, DBL_MANT_DIG);
  library.init2(exponent, DBL_MANT_DIG);
  library.init2(result, DBL_MANT_DIG);
  library.set_d(argument, x, MPFR_RNDN);
  library.set_d(exponent, y, MPFR_RNDN);
  library.set_emin(-1073);
  library.set_emax(1024);
  int rounded = unary ? unary(result, argument, MPFR_RNDN) : library.pow(result, argument, exponent, MPFR_RNDN);
  rounded = library.check_range(result, rounded, MPFR_RNDN);
  library.subnormalize(result, rounded, MPFR_RNDN);
  const double value = library.get_d(result, MPFR_RNDN);
  library.set_emin(emin);
  library.set_emax(emax);
  library.clear(argument);
  library.clear(exponent);
  library.clear(result);
  return value;
}

double elementary_function_by_mpfr(enum elementary_name name, double x) {
  pthread_once(&once, load);
  return by_mpfr(library.functions[name], x, 0);
}

double elementary_power_by_mpfr(double x, double y) {
  pthread_once(&once, load);
  return by_mpfr(NULL, x, y);
}

/// Whether all numbers within the error bound of `value` round to the same normal double; the exact result then rounds
/// to it too. glibc's manual gives errors of at most 8 units in the last place of the 64-bit significand. The bound,
/// relative to `value`, is 64 units; for expl, whose worst error among four million numbers was 0.62 units, it is 8.
static int decides(long double value, long double bound) {
#if LDBL_MANT_DIG >= 64
  const long double slack = fabsl(value) * bound;
  const double low = (double)(value - slack), high = (double)(value + slack);
  return low == high && fabs(low) >= DBL_MIN && fabs(low) <= DBL_MAX;
#else
  return 0;
#endif
}

double elementary_function(enum elementary_name name, double x) {
  // These results are exact and frequent, and `decides` would refuse them because 0 is no normal number.
  if (x == 0 && (name == ELEMENTARY_EXPM1 || name == ELEMENTARY_LOG1P)) return x;
  if (x == 1 && name == ELEMENTARY_LOG) return 0;
  long double value = 0;
  switch (name) {
    case ELEMENTARY_EXP: value = expl(x); break;
    case ELEMENTARY_EXPM1: value = expm1l(x); break;
    case ELEMENTARY_LOG: value = logl(x); break;
    case ELEMENTARY_LOG1P: value = log1pl(x); break;
    case ELEMENTARY_LOG2: value = log2l(x); break;
    case ELEMENTARY_LOG10: value = log10l(x); break;
    case ELEMENTARY_SIN: value = fabs(x) < 64 ? sinl(x) : NAN; break;
    case ELEMENTARY_COS: value = fabs(x) < 64 ? cosl(x) : NAN; break;
    case ELEMENTARY_TANH: value = tanhl(x); break;
    case ELEMENTARY_ATAN: value = atanl(x); break;
    case ELEMENTARY_ERF: value = erfl(x); break;
    default: break;
  }
  return decides(value, name == ELEMENTARY_EXP ? 0x1p-60L : 0x1p-57L) ? (double)value
                                                                      : elementary_function_by_mpfr(name, x);
}

double elementary_power(double x, double y) {
  const long double value = powl(x, y);
  return decides(value, 0x1p-57L) ? (double)value : elementary_power_by_mpfr(x, y);
}
