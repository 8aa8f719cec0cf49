// Elementary functions that give the double nearest to the exact value, with every library and on every processor.
//
// The C library's differ in the last bit by version and by what the processor can do.

#ifndef CELEMENTARY_H
#define CELEMENTARY_H

/// The functions of one number, in the order of `elementary_function`.
enum elementary_name {
  ELEMENTARY_EXP, ELEMENTARY_EXPM1, ELEMENTARY_LOG, ELEMENTARY_LOG1P, ELEMENTARY_LOG2, ELEMENTARY_LOG10,
  ELEMENTARY_SIN, ELEMENTARY_COS, ELEMENTARY_TANH, ELEMENTARY_ATAN, ELEMENTARY_ERF, ELEMENTARY_COUNT
};

/// The function's value at `x`, rounded to nearest. Where MPFR can't be loaded, the process says why and ends with status 127.
double elementary_function(enum elementary_name name, double x);

/// `x` to the power of `y`, likewise.
double elementary_power(double x, double y);

/// The same two by MPFR alone, without the shorter way: the reference in tests.
double elementary_function_by_mpfr(enum elementary_name name, double x);
double elementary_power_by_mpfr(double x, double y);

#endif
