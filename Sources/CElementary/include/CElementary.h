// Correctly rounded elementary functions: they return the double nearest to the exact value on every machine.
//
// The C library's functions differ in the last bit between versions and between processors.

#ifndef CELEMENTARY_H
#define CELEMENTARY_H

/// The names of the functions of one number.
enum elementary_name {
  ELEMENTARY_EXP, ELEMENTARY_EXPM1, ELEMENTARY_LOG, ELEMENTARY_LOG1P, ELEMENTARY_LOG2, ELEMENTARY_LOG10,
  ELEMENTARY_SIN, ELEMENTARY_COS, ELEMENTARY_TANH, ELEMENTARY_ATAN, ELEMENTARY_ERF, ELEMENTARY_COUNT
};

/// The function's value at `x`, rounded to nearest. If MPFR can't be loaded, the process prints the cause and exits
/// with status 127.
double elementary_function(enum elementary_name name, double x);

/// `x` to the power of `y`, rounded to nearest. If MPFR can't be loaded, the process exits likewise.
double elementary_power(double x, double y);

/// The same two functions computed by MPFR alone, without the C library. Tests use them as the reference.
double elementary_function_by_mpfr(enum elementary_name name, double x);
double elementary_power_by_mpfr(double x, double y);

#endif
