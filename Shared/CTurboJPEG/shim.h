#ifndef TIAOKUAI_CTURBOJPEG_SHIM_H
#define TIAOKUAI_CTURBOJPEG_SHIM_H

#include <turbojpeg.h>

#endif
