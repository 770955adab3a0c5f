// The certificate that is served: from files, or made and renewed in a state folder. Any thread.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "certs/tls_context.h"
#include "policy/result.h"

namespace ballast::webhook {

struct CertificateOptions {
  // A folder with tls.crt and tls.key, as a Kubernetes TLS secret is mounted. Empty: certificates
  // are made in state_dir.
  std::filesystem::path cert_dir;
  std::filesystem::path state_dir;
  std::vector<std::string> names;        // more names for a certificate that is made
  std::filesystem::path client_ca_file;  // empty: clients show no certificate
};

class ServingCertificate {
 public:
  explicit ServingCertificate(CertificateOptions options) : options_(std::move(options)) {}

  // Makes what has to be made (in a state folder alone) at this time. True: files were written.
  policy::Result<bool> Ensure(int64_t now_seconds) const;
  // Reads the files as they are now.
  policy::Result<std::shared_ptr<const certs::TlsContext>> Load() const;
  // What Load reads.
  std::vector<std::filesystem::path> Files() const;
  // Who signed it, where Ballast made it: what clients are to trust.
  std::filesystem::path AuthorityFile() const;

 private:
  const std::filesystem::path& Folder() const;

  CertificateOptions options_;
};

// $XDG_STATE_HOME/ballast, else ~/.local/state/ballast, else /var/lib/ballast.
std::filesystem::path DefaultStateFolder();

}  // namespace ballast::webhook
