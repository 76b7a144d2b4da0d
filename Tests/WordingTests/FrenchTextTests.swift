import Testing
import Wording

@Suite("French text")
struct FrenchTextTests {
    private func french(_ text: FrenchText) -> String { text.text }

    @Test("narrow no-break spaces stand before high signs and within quotation marks, and nowhere else")
    func spaces() {
        #expect(
            french("Essayez : oui ; non ? Si ! 5 %")
                == "Essayez\u{202F}: oui\u{202F}; non\u{202F}? Si\u{202F}! 5\u{202F}%")
        #expect(french("« ici »") == "«\u{202F}ici\u{202F}»")
        #expect(french("`sampling: {form: joint}`") == "`sampling: {form: joint}`")
    }

    @Test("numbers that are put in get a comma and spaces; names and what is typed stay as they are")
    func numbers() {
        let share = 12.5
        #expect(french("\(share) % de \(1_234_567)") == "12,5\u{202F}% de 1\u{202F}234\u{202F}567")
        #expect(french("\("-0.125") \("roi[tv]") \("1.2.3") \("2024-01-01")") == "−0,125 roi[tv] 1.2.3 01/01/2024")
        #expect(french("\(code: "--draws 2000") \(code: 0.95)") == "--draws 2000 0.95")
    }

    @Test("parts are put together as one text, spaces over the seam included")
    func seams() {
        let name: FrenchText = "R-hat \(1.01)"
        #expect(french("Le " + "chiffre " + ": \(name)") == "Le chiffre\u{202F}: R-hat 1,01")
    }

    @Test("a sentence speaks both languages, also after another")
    func sentences() {
        let first = Sentence("One.", french: "Un.")
        let both = first.followed(by: Sentence("Two?", french: "Deux ?"))
        #expect(both[.english] == "One. Two?" && both[.french] == "Un. Deux\u{202F}?" && "\(both)" == "One. Two?")
        #expect(first.followed(by: nil) == first)
        #expect(Sentence(untranslated: "tv").isUntranslated && !first.isUntranslated)
    }
}
