import Foundation

/// Reads the parts of a form (RFC 7578). Strict: what is not a form to the letter is refused, so that nothing is lost
/// between what was sent and what is fitted.
enum FormReader {
    struct Part {
        var name: String
        var fileName: String?
        var content: Data
    }

    /// Far more than a model has files.
    private static let partsMax = 1000
    private static let headByteCountMax = 8192

    static func parts(of body: Data, boundary: String) throws(Problem) -> [Part] {
        let delimiter = Data("--\(boundary)".utf8)
        guard body.starts(with: delimiter) else { throw .bad("the form does not begin with its boundary") }
        let separator = Data("\r\n".utf8) + delimiter
        var parts: [Part] = []
        var position = body.startIndex + delimiter.count
        while true {
            let rest = body[position...]
            if rest.starts(with: Data("--".utf8)) { return parts }
            guard rest.starts(with: Data("\r\n".utf8)) else {
                throw .bad("a boundary of the form is followed by neither a line nor its end")
            }
            guard parts.count < partsMax else { throw .bad("the form has more than \(partsMax) parts") }
            position += 2
            let headEnd = min(body.endIndex, position + headByteCountMax)
            guard let blank = body.range(of: Data("\r\n\r\n".utf8), in: position..<headEnd) else {
                throw .bad("a part of the form has no end of its head within \(headByteCountMax) bytes")
            }
            guard let end = body.range(of: separator, in: blank.upperBound..<body.endIndex) else {
                throw .bad("a part of the form has no end")
            }
            let (name, fileName) = try names(body[position..<blank.lowerBound])
            parts.append(Part(name: name, fileName: fileName, content: Data(body[blank.upperBound..<end.lowerBound])))
            position = end.upperBound
        }
    }

    /// Of a part's head.
    private static func names(_ head: Data) throws(Problem) -> (name: String, fileName: String?) {
        guard let text = String(data: head, encoding: .utf8) else { throw .bad("the head of a part is not UTF-8") }
        var name: String?
        var fileName: String?
        for line in text.components(separatedBy: "\r\n") {
            guard let colon = line.firstIndex(of: ":") else { throw .bad("a part's head has a line without ':'") }
            let field = line[..<colon].lowercased()
            if field == "content-transfer-encoding" {
                throw .bad("a part has a Content-Transfer-Encoding. Mend: send its bytes as they are")
            }
            guard field == "content-disposition" else { continue }
            let parameters = try parameters(line[line.index(after: colon)...])
            guard parameters.isForm else { throw .bad("a part's Content-Disposition is not form-data") }
            name = parameters.values["name"]
            fileName = parameters.values["filename"]
            if parameters.values["filename*"] != nil {
                throw .bad("a part has 'filename*'. Mend: send 'filename' in UTF-8")
            }
        }
        guard let name else { throw .bad("a part of the form has no name") }
        return (name, fileName)
    }

    /// `form-data; name="model"; filename="model.yaml"`.
    private static func parameters(
        _ text: Substring
    ) throws(Problem) -> (isForm: Bool, values: [String: String]) {
        var rest = text.drop { $0 == " " }
        let isForm = rest.prefix { $0 != ";" }.trimmingCharacters(in: .whitespaces).lowercased() == "form-data"
        rest = rest.drop { $0 != ";" }
        var values: [String: String] = [:]
        while rest.first == ";" {
            rest = rest.dropFirst().drop { $0 == " " }
            let name = rest.prefix { $0 != "=" && $0 != ";" }.lowercased()
            rest = rest.drop { $0 != "=" && $0 != ";" }.dropFirst()
            var value = ""
            if rest.first == "\"" {
                rest = rest.dropFirst()
                while let character = rest.first, character != "\"" {
                    rest = rest.dropFirst()
                    // A backslash before a quote, and nothing else, is an escape: browsers send no others.
                    if character == "\\", rest.first == "\"" {
                        value.append("\"")
                        rest = rest.dropFirst()
                    } else {
                        value.append(character)
                    }
                }
                guard rest.first == "\"" else { throw .bad("a part's Content-Disposition has a quote without end") }
                rest = rest.dropFirst().drop { $0 == " " }
            } else {
                value = rest.prefix { $0 != ";" }.trimmingCharacters(in: .whitespaces)
                rest = rest.drop { $0 != ";" }
            }
            // Browsers escape these three so (the HTML standard, "multipart form data").
            for (code, character) in [("%22", "\""), ("%0D", "\r"), ("%0A", "\n")] {
                value = value.replacing(code, with: character)
            }
            values[name] = value
        }
        return (isForm, values)
    }
}
