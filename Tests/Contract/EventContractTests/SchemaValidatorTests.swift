import Testing

/// The validator itself: a check that cannot fail would prove nothing.
struct SchemaValidatorTests {
    private func faults(_ value: String, _ schema: String) throws -> [String] {
        let document = try JSONValue(json: Array(#"{"short":{"type":"string","minLength":2}}"#.utf8))
        return SchemaValidator(document: document)
            .faults(of: try JSONValue(json: Array(value.utf8)), against: try JSONValue(json: Array(schema.utf8)))
    }

    @Test(arguments: [
        (#""a""#, #"{"type":"integer"}"#), ("1.5", #"{"type":"integer"}"#), ("1", #"{"type":"string"}"#),
        ("true", #"{"type":"integer"}"#), ("null", #"{"type":"object"}"#),
        ("{}", #"{"type":"object","required":["a"]}"#),
        (#"{"a":1}"#, #"{"properties":{"a":{"type":"string"}}}"#), (#""c""#, #"{"enum":["a","b"]}"#),
        (#""abc""#, #"{"pattern":"^[0-9]+$"}"#), (#""2021-02-30""#, #"{"format":"date"}"#),
        (#""2021-02-20""#, #"{"format":"date-time"}"#), (#""x""#, #"{"format":"uuid"}"#),
        (#""018F3D2A-7C00-7ABC-9DEF-0123456789AB""#, #"{"format":"uuid"}"#), (#""x""#, #"{"format":"unheard"}"#),
        ("-1", #"{"minimum":0}"#), (#""a""#, ##"{"$ref":"#/short"}"##), (#""a""#, ##"{"$ref":"#/nowhere"}"##),
        (#""a""#, ##"{"allOf":[{"type":"string"},{"$ref":"#/short"}]}"##),
        (#"{"a":1}"#, #"{"additionalProperties":false}"#),
        (#"{"a":"x"}"#, #"{"additionalProperties":{"type":"integer"}}"#), ("1", #"{"maximum":5}"#),
        (#"["a",1]"#, #"{"items":{"type":"string"}}"#),
    ])
    func `a value that breaks a schema is found`(value: String, schema: String) throws {
        #expect(try !faults(value, schema).isEmpty)
    }

    @Test(arguments: [
        ("1", #"{"type":"integer","minimum":1}"#), ("1", #"{"type":"number"}"#), (#""b""#, #"{"enum":["a","b"]}"#),
        (#"{"a":"x","b":1}"#, #"{"type":"object","required":["a"],"properties":{"a":{"type":"string"}}}"#),
        (#"{"a":1}"#, #"{"additionalProperties":true}"#),
        (#"["a","b"]"#, #"{"type":"array","items":{"type":"string"}}"#),
        (#"{"3":1}"#, #"{"additionalProperties":{"type":"integer"}}"#),
        (#""2021-02-20T00:00:00+08:00""#, #"{"format":"date-time"}"#), (#""ab""#, ##"{"$ref":"#/short"}"##),
    ])
    func `a value that keeps a schema passes`(value: String, schema: String) throws {
        #expect(try faults(value, schema) == [])
    }
}
