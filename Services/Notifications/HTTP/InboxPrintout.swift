import Foundation
import HTTPTypes
import Hummingbird
import Models
import NIOCore
import ServiceKit

/// An inbox on paper, for people without phones: the fallback of all other ways (DOMAIN 3.13).
struct InboxPrintout {
    /// The forms.
    enum Form: String, CaseIterable {
        case html, csv, xlsx
    }

    private let rows: [(at: String, title: String, body: String, isRead: Bool)]

    init(_ deliveries: [Delivery]) {
        rows = deliveries.map { delivery in
            let words = delivery.readable
            return (
                Self.time(delivery.occurredAt), words.title.chinese, words.body.chinese, delivery.readAt != nil
            )
        }
    }

    func answer(_ request: Request, as form: Form) throws -> Response {
        if let form = SheetAnswer.Form(rawValue: form.rawValue), let answer = try sheet.answer(request, as: form) {
            return answer
        }
        return Response(
            status: .ok, headers: [.contentType: "text/html; charset=utf-8", .cacheControl: "no-store"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: page)))
    }

    private var sheet: SheetAnswer {
        SheetAnswer(
            name: "inbox", sheetName: "消息",
            columns: [
                .init("时间", width: 18), .init("标题", width: 24), .init("内容", width: 60), .init("已读", width: 6),
            ],
            rows: rows.map { [.text($0.at), .text($0.title), .text($0.body), .text($0.isRead ? "是" : "否")] })
    }

    /// A page that a browser prints on A4 as it is: large type, no picture, no script.
    private var page: String {
        let lines = rows.map { row in
            "<tr><td>\(Self.escaped(row.at))</td><td>\(Self.escaped(row.title))</td><td>\(Self.escaped(row.body))</td></tr>"
        }
        return """
            <!DOCTYPE html>
            <html lang="zh-CN"><head><meta charset="utf-8"><title>消息清单</title><style>
            @page{size:A4;margin:15mm}body{font:18px/1.5 serif}table{border-collapse:collapse;width:100%}
            td,th{border:1px solid #000;padding:2mm;text-align:left;vertical-align:top}tr{break-inside:avoid}
            </style></head><body><h1>消息清单</h1><table>
            <thead><tr><th>时间</th><th>标题</th><th>内容</th></tr></thead><tbody>
            \(lines.joined(separator: "\n"))
            </tbody></table></body></html>

            """
    }

    private static func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
    }

    /// The county's time, `2026-11-27 09:30`.
    private static func time(_ moment: Date) -> String {
        String(RFC3339.format(moment.addingTimeInterval(8 * 3600)).prefix(16)).replacing("T", with: " ")
    }
}
