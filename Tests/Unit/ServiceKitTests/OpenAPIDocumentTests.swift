import Foundation
import ServiceKit
import Testing

struct OpenAPIDocumentTests {
    @Test func `two documents are joined section by section, order and comments kept`() {
        let own = """
            openapi: 3.1.0
            # A remark.
            info:
              title: Own
            paths:
              /a:
                get: {}
            components:
              schemas:
                A: {type: string}
            """
        let common = """
            # Dropped: it is about the file.
            security: []
            paths:
              /b:
                get: {}
            components:
              headers:
                Link: {}
              schemas:
                B: {type: string}
            """
        #expect(
            OpenAPIDocument.join(own, with: common) == """
                openapi: 3.1.0
                # A remark.
                info:
                  title: Own
                paths:
                  /a:
                    get: {}
                  /b:
                    get: {}
                components:
                  schemas:
                    A: {type: string}
                    B: {type: string}
                  headers:
                    Link: {}
                security: []

                """)
    }

    @Test func `a document that is not there is a fault of the installation`() {
        let fault = #expect(throws: SettingFault.self) {
            try OpenAPIDocument.load(own: URL(fileURLWithPath: "/nowhere/openapi.yaml"))
        }
        #expect(fault?.cause.english.contains("openapi.yaml") == true)
    }
}
