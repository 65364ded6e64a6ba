/// The words of a message that joins several.
package enum DigestText {
    /// The heading.
    package static func title(of items: Int) -> String { "\(items)条新消息 \(items) new messages" }

    /// The text: the headings of what it joins, each once with how often, as many as fit.
    ///
    /// - Parameter longest: the greatest length, in characters.
    package static func body(_ titles: [String], longest: Int) -> String {
        var counts: [(title: String, count: Int)] = []
        for title in titles {
            if let place = counts.firstIndex(where: { $0.title == title }) {
                counts[place].count += 1
            } else {
                counts.append((title, 1))
            }
        }
        let ending = "详情见收件箱。See your inbox."
        var body = ""
        for (title, count) in counts {
            let line = title + (count > 1 ? " ×\(count)" : "") + "\n"
            guard body.count + line.count + ending.count <= longest else { break }
            body += line
        }
        return body + ending
    }
}
