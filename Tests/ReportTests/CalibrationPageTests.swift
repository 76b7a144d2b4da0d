import Analysis
import Kernels
import Report
import Testing

@Suite("the page of a calibration study")
struct CalibrationPageTests {
    /// Truths that draws always lie above, or that are draws like the others.
    private func page(isCalibrated: Bool) -> String {
        let worlds = (0..<60).map { index in
            var stream = RandomStream(
                key: StreamKey(seed: 2, kind: 99, index: 0), iteration: UInt64(index), site: 0)
            let draws = (0..<CalibrationStudy.drawCount).map { _ in stream.normal() }
            return [
                CalibratedQuantity(
                    name: "total_roi[<tv>]", truth: isCalibrated ? stream.normal() : -9, draws: draws),
                CalibratedQuantity(name: "sigma", truth: stream.normal(), draws: draws),
            ]
        }
        let study = CalibrationStudy(
            replications: worlds, recovered: ["total_roi[<tv>]"], key: StreamKey(seed: 2, kind: 99, index: 0))
        return CalibrationPage.render(study, name: "brand & co", reasons: [], warnings: [])
    }

    @Test("draws every quantity, asks nothing of the network, and shows names as text")
    func content() {
        let text = page(isCalibrated: true)
        #expect(text.components(of: "<svg").count == 3)
        #expect(text.components(of: "leaves the band").count == 1)
        #expect(!text.contains("http") && !text.contains("<script") && !text.contains("<tv>"))
        #expect(text.contains("brand &amp; co") && text.contains("total_roi[&lt;tv&gt;]"))
    }

    @Test("says which quantity leaves the band and whose intervals miss")
    func failure() {
        let text = page(isCalibrated: false)
        #expect(text.contains("NOT calibrated"))
        #expect(text.components(of: "leaves the band").count == 2)
        #expect(text.contains("<td>outside</td>"))
    }
}

extension String {
    fileprivate func components(of separator: String) -> [Substring] {
        split(separator: separator, omittingEmptySubsequences: false)
    }
}
