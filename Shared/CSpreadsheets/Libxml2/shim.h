#ifndef TIAOKUAI_CLIBXML2_SHIM_H
#define TIAOKUAI_CLIBXML2_SHIM_H

#include <libxml/xmlreader.h>

#endif
