#ifndef TIAOKUAI_CLIBCRYPTO_SHIM_H
#define TIAOKUAI_CLIBCRYPTO_SHIM_H

#include <openssl/evp.h>
#include <openssl/opensslconf.h>

/* The SM3 hash (GB/T 32905-2016) of bytes, 32 of them; 1 when it was computed, 0 where the library has no SM3. */
static inline int clibcrypto_sm3(const void *bytes, size_t count, unsigned char *hash) {
#ifdef OPENSSL_NO_SM3
    (void)bytes;
    (void)count;
    (void)hash;
    return 0;
#else
    return EVP_Digest(bytes, count, hash, NULL, EVP_sm3(), NULL);
#endif
}

#endif
