#ifndef TIAOKUAI_CLIBPQ_SHIM_H
#define TIAOKUAI_CLIBPQ_SHIM_H

#include <libpq-fe.h>

#endif
