#ifndef TIAOKUAI_CLIBXML2_SHIM_H
#define TIAOKUAI_CLIBXML2_SHIM_H

// Debian builds libxml2 with ICU, and its encoding.h then includes ICU's headers. Foundation has a copy of ICU of its own, with
// the same names and other definitions: both in one compilation is an error as soon as both modules are loaded. Only
// `xmlCharEncodingHandler` differs by that switch, and nothing here looks inside one.
#include <libxml/xmlversion.h>
#undef LIBXML_ICU_ENABLED
#include <libxml/xmlreader.h>

#endif
