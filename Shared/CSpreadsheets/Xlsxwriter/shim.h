#ifndef TIAOKUAI_CXLSXWRITER_SHIM_H
#define TIAOKUAI_CXLSXWRITER_SHIM_H

#include <xlsxwriter.h>

#endif
