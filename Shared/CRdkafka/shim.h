#ifndef TIAOKUAI_CRDKAFKA_SHIM_H
#define TIAOKUAI_CRDKAFKA_SHIM_H

#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>

// C functions with variable arguments cannot be called from Swift: each is wrapped here with fixed ones.

/**
 * Enqueues one record; key, value and headers are copied or taken over by librdkafka.
 *
 * `headers` (may be NULL) belongs to librdkafka when the answer is RD_KAFKA_RESP_ERR_NO_ERROR and stays with the
 * caller otherwise. It is passed as a list on purpose: librdkafka before 2.12 frees headers twice when they are
 * passed one by one and the partition does not exist (issue 4628).
 */
static inline rd_kafka_resp_err_t tiaokuai_kafka_produce(
    rd_kafka_t *client, rd_kafka_topic_t *topic, int32_t partition, const void *key, size_t key_length,
    const void *value, size_t value_length, rd_kafka_headers_t *headers, void *opaque) {
    return rd_kafka_producev(
        client, RD_KAFKA_V_RKT(topic), RD_KAFKA_V_PARTITION(partition), RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY),
        RD_KAFKA_V_KEY((void *)key, key_length), RD_KAFKA_V_VALUE((void *)value, value_length),
        RD_KAFKA_V_HEADERS(headers), RD_KAFKA_V_OPAQUE(opaque), RD_KAFKA_V_END);
}

/** Makes one emulated broker answer the next request of a kind with an error after a delay. */
static inline rd_kafka_resp_err_t tiaokuai_kafka_mock_push_error_delay(
    rd_kafka_mock_cluster_t *cluster, int32_t broker, int16_t api_key, rd_kafka_resp_err_t error,
    int delay_milliseconds) {
    return rd_kafka_mock_broker_push_request_error_rtts(cluster, broker, api_key, 1, error, delay_milliseconds);
}

#endif
