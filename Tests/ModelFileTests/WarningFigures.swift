import ModelFile

extension Problem {
    /// The numbers and days that a warning tells in each language, as a program writes them, sorted.
    var figures: (english: [String], french: [String]) {
        let french = sentence.french
            .replacing(#/(\d\d)/(\d\d)/(\d{4})/#) { "\($0.output.3)-\($0.output.2)-\($0.output.1)" }
            .replacing(#/(\d)\x{202F}(?=\d)/#) { "\($0.output.1)" }
            .replacing(#/(\d),(\d)/#) { "\($0.output.1).\($0.output.2)" }.replacing("−", with: "-")
        func numbers(_ text: String) -> [String] {
            text.matches(of: #/\d+(\.\d+)?/#).map { String($0.output.0) }.sorted()
        }
        return (numbers(sentence.english), numbers(french))
    }
}
