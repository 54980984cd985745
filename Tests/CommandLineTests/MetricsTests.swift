// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// What Prometheus' own tool says of the metrics of `status`.
@Suite("Metrics")
struct MetricsTests {
    /// `make test-deps` puts it there.
    private static let promtool = Checkout.root.appending(path: ".build-tools/usr/bin/promtool").path()

    @Test("promtool accepts the file, and a server would read it as it was meant")
    func promtool() throws {
        #expect(FileManager.default.isExecutableFile(atPath: Self.promtool), "missing: make test-deps")
        try withTemporaryFolder { folder in
            let shell = Shell(folder: folder)
            let make = "world.sh approved && mkdir -p all/broken.escrow && mv acme.escrow 'all/a \"b\\c\nd.escrow'"
            let made = try shell.run(make)
            #expect(made == "")
            let run = "ca-escrow status all --certificate ca/cacert.pem --signers officers.signers --prometheus ca.prom"
            #expect(try shell.output(of: "\(run) > /dev/null 2>&1").status == 65)
            #expect(try shell.run("\(Self.promtool) check metrics < ca.prom") == "")
            // Escaped as the text format asks for: one line each.
            let status = try shell.run("grep '^ca_escrow_status{' ca.prom")
            #expect(
                status == """
                    ca_escrow_status{escrow="all/a \\"b\\\\c\\nd.escrow"} 1
                    ca_escrow_status{escrow="all/broken.escrow"} 2

                    """
            )
            // The tool does find faults.
            let broken = try shell.output(of: "sed 's/ 1$/ one/' ca.prom | \(Self.promtool) check metrics")
            #expect(broken.status != 0)
        }
    }
}
