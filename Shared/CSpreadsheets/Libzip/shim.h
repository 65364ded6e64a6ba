#ifndef TIAOKUAI_CLIBZIP_SHIM_H
#define TIAOKUAI_CLIBZIP_SHIM_H

#include <zip.h>

#endif
