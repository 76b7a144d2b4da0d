import Kernels

// MARK: Lift tests

extension Slip {
    private static let dark = "design: go_dark"

    static let tests: [Slip] = [
        Slip("lift of another sign", ["would have sold more", "a return of 0 or less"]) { world, stream in
            guard let place = world.testPlace(&stream) else { return false }
            world.addTest(place, design: dark, lift: place.spend, &stream)
            return true
        },
        Slip("lift as a share or a percentage", ["a return of"]) { world, stream in
            guard world.hasReturns, let place = world.testPlace(&stream) else { return false }
            world.addTest(place, design: dark, lift: -place.spend / place.kpi * stream.pick([1, 100]), &stream)
            return true
        },
        Slip("lift × 1000", ["a return of", "the KPI of its days"]) { world, stream in
            guard world.hasReturns, let place = world.testPlace(&stream) else { return false }
            world.addTest(place, design: dark, lift: -1000 * place.spend, &stream)
            return true
        },
        Slip("a percentage as the factor of a test", ["a return of", "sold more", "scale' must be"]) { world, stream in
            guard world.hasReturns, let place = world.testPlace(&stream) else { return false }
            let percent = stream.pick([50.0, 80, 120, 150])
            world.addTest(
                place, design: "design: scale, scale: \(percent)", lift: (percent / 100 - 1) * place.spend, &stream)
            return true
        },
        Slip("a lift test inside the data", ["hold the test already", "did not run during"]) { world, stream in
            guard let place = world.testPlace(&stream) else { return false }
            let left = stream.pick([0, 0.02, 0.05])
            for column in Set([place.spendColumn, world.exposure(ofSpend: place.spendColumn)]) {
                var values = world.numbers(column)
                for record in place.records { values[record] *= left }
                world.set(column, values)
            }
            world.addTest(place, design: dark, lift: -place.spend, &stream)
            return true
        },
    ]
}

// MARK: Files

extension Slip {
    static let files: [Slip] = [
        Slip(readAsMeant: "fields parted by semicolons or tabs, decimal commas, `sep=`") { world, stream in
            world.meant = [world]
            world.format.separator = stream.pick([";", "\t"])
            world.format.hasDecimalComma = stream.bit()
            world.format.hasSeparatorLine = stream.bit()
            world.format.hasMark = stream.bit()
            return true
        },
        Slip(readAsMeant: "months by their last day, or a working day") { world, stream in world.makeMonths(&stream) },
        Slip("transactions of the KPI that begin later", ["do not fill"]) { world, stream in
            world.makeTransactions(of: world.kpi, late: 7 * stream.whole(20) + 1 + stream.whole(6), early: 0)
            return true
        },
        Slip("transactions of the KPI that end earlier", ["do not fill"]) { world, stream in
            world.makeTransactions(of: world.kpi, late: 0, early: 7 * stream.whole(20) + 1 + stream.whole(6))
            return true
        },
        Slip("transactions of spend that begin later or end earlier", ["reach beyond"]) { world, stream in
            let (days, isLate) = (1 + stream.whole(200), stream.bit())
            world.makeTransactions(
                of: stream.pick(world.spendColumns), late: isLate ? days : 0, early: isLate ? 0 : days)
            return true
        },
        Slip("a week that is missing", ["is missing: "]) { world, stream in
            world.removeWeek(&stream)
            return true
        },
        Slip("a gap in the media history", ["is missing: "]) { world, stream in
            world.makeHistory(weeks: 4 + stream.whole(26), &stream)
            return true
        },
        Slip("two spellings of a geo", ["differ only in"]) { world, stream in world.misspellGeo(&stream) },
        Slip("a record for each channel", ["has a record for each channel"]) { world, stream in
            world.makeLong()
            return true
        },
        Slip("media that are planned", ["they are a plan"]) { world, stream in
            world.addPlan(weeks: 1 + stream.whole(12))
            return true
        },
        Slip("a holdout of weeks without a KPI", ["there is nothing to compare"]) { world, stream in
            world.addPlan(weeks: 4 + stream.whole(9))
            world.append("holdout: {last: 4}")
            return true
        },
    ]
}

// MARK: The model file

extension Slip {
    static let model: [Slip] = [
        Slip("a name twice among components", ["have the same name", "has the name that"]) { world, stream in
            let name = world.read.specification.channels[0].name
            switch stream.whole(3) {
            case 0: world.addControl(name, world.numbers(world.spendColumns[0]))
            case 1: world.model = world.model.replacing("name: \(name),", with: "name: intercept,")
            default:
                let date = world.dates[10]
                let event = "{name: \(name), date: \(date)}"
                if world.model.contains("events:") {
                    world.model = world.model.replacing("events:\n", with: "events:\n  - \(event)\n")
                } else {
                    world.append("events: [\(event)]")
                }
            }
            return true
        },
        Slip("a season in weeks or months", ["seasonality.period"]) { world, stream in
            guard let place = world.model.firstRange(of: "period: 365.25") else { return false }
            world.model.replaceSubrange(place, with: "period: \(stream.pick([52, 52.18, 26, 13, 12, 6, 4]))")
            return true
        },
        Slip("a channel that begins in the holdout", ["in the periods that are held out"]) { world, stream in
            let weeks = 8 + stream.whole(19)
            let spend = world.numbers(world.spendColumns[0])
            guard world.geos.contains(where: { $0.suffix(weeks).contains { spend[$0] > 0 } }) else { return false }
            for column in Set([world.spendColumns[0], world.exposure(ofSpend: world.spendColumns[0])]) {
                var values = world.numbers(column)
                for geo in world.geos { for record in geo.dropLast(weeks) { values[record] = 0 } }
                world.set(column, values)
            }
            world.append("holdout: {last: \(weeks)}")
            return true
        },
        Slip("holidays: NO", ["YAML takes for false"]) { world, _ in
            if world.model.contains("country: DE") {
                world.model = world.model.replacing("country: DE", with: "country: NO")
            } else {
                world.append("holidays: {country: NO}")
            }
            return true
        },
    ]
}
