#ifndef TIAOKUAI_CLIBCURL_SHIM_H
#define TIAOKUAI_CLIBCURL_SHIM_H

/* The type checks are macros around calls with constant options; here the option is an argument. */
#define CURL_DISABLE_TYPECHECK
#include <curl/curl.h>

/* C functions with variable arguments cannot be called from Swift: each is wrapped here with fixed ones. */

static inline CURLcode clibcurl_set_text(CURL *handle, CURLoption option, const char *value) {
    return curl_easy_setopt(handle, option, value);
}

static inline CURLcode clibcurl_set_number(CURL *handle, CURLoption option, long value) {
    return curl_easy_setopt(handle, option, value);
}

static inline CURLcode clibcurl_set_list(CURL *handle, CURLoption option, struct curl_slist *value) {
    return curl_easy_setopt(handle, option, value);
}

static inline CURLcode clibcurl_set_size(CURL *handle, curl_off_t value) {
    return curl_easy_setopt(handle, CURLOPT_INFILESIZE_LARGE, value);
}

typedef size_t (*clibcurl_bytes)(char *bytes, size_t size, size_t count, void *context);

/* What is sent is asked for by `read`. */
static inline CURLcode clibcurl_set_read(CURL *handle, clibcurl_bytes read, void *context) {
    CURLcode code = curl_easy_setopt(handle, CURLOPT_READFUNCTION, read);
    return code != CURLE_OK ? code : curl_easy_setopt(handle, CURLOPT_READDATA, context);
}

/* Every line of the server is shown to `line`. */
static inline CURLcode clibcurl_set_line(CURL *handle, clibcurl_bytes line, void *context) {
    CURLcode code = curl_easy_setopt(handle, CURLOPT_HEADERFUNCTION, line);
    return code != CURLE_OK ? code : curl_easy_setopt(handle, CURLOPT_HEADERDATA, context);
}

/* What a server sends as a body (SMTP has none) goes to `write`. */
static inline CURLcode clibcurl_set_write(CURL *handle, clibcurl_bytes write) {
    return curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, write);
}

/* The last answer of the server, 0 where there was none. */
static inline long clibcurl_answer_code(CURL *handle) {
    long code = 0;
    return curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &code) == CURLE_OK ? code : 0;
}

static inline CURLMcode clibcurl_multi_set_number(CURLM *multi, CURLMoption option, long value) {
    return curl_multi_setopt(multi, option, value);
}

/* Takes the next ended transfer: its handle and its result; NULL where there is none. */
static inline CURL *clibcurl_next_ended(CURLM *multi, CURLcode *result) {
    int left = 0;
    CURLMsg *message;
    while ((message = curl_multi_info_read(multi, &left)) != NULL) {
        if (message->msg != CURLMSG_DONE) continue;
        *result = message->data.result;
        return message->easy_handle;
    }
    return NULL;
}

static inline CURLcode clibcurl_start(void) { return curl_global_init(CURL_GLOBAL_ALL); }

#endif
