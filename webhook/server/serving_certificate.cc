#include "webhook/server/serving_certificate.h"

#include <cstdlib>

#include "certs/store.h"

namespace ballast::webhook {

using policy::Result;

const std::filesystem::path& ServingCertificate::Folder() const {
  return options_.cert_dir.empty() ? options_.state_dir : options_.cert_dir;
}

Result<bool> ServingCertificate::Ensure(int64_t now_seconds) const {
  if (!options_.cert_dir.empty()) return false;
  certs::EnsureOptions ensure;
  ensure.names.insert(ensure.names.end(), options_.names.begin(), options_.names.end());
  ensure.now = now_seconds;
  const auto ensured = certs::EnsureCertificates(options_.state_dir, ensure);
  if (!ensured.ok()) return ensured.error();
  return *ensured != certs::Ensured::kKept;
}

Result<std::shared_ptr<const certs::TlsContext>> ServingCertificate::Load() const {
  const certs::CertificateFiles files = certs::FilesIn(Folder());
  const auto certificate = certs::ReadSmallFile(files.certificate);
  if (!certificate.ok()) return certificate.error();
  const auto key = certs::ReadSmallFile(files.key);
  if (!key.ok()) return key.error();
  std::string client_authority;
  if (!options_.client_ca_file.empty()) {
    const auto read = certs::ReadSmallFile(options_.client_ca_file);
    if (!read.ok()) return read.error();
    client_authority = *read;
    // An empty file must not mean that anyone may come.
    if (client_authority.empty()) {
      return policy::Error{options_.client_ca_file.string(), "no certificate in it"};
    }
  }
  auto made = certs::TlsContext::Make(*certificate, *key, client_authority);
  if (!made.ok()) return policy::Error{Folder().string(), made.error().what};
  return made;
}

std::vector<std::filesystem::path> ServingCertificate::Files() const {
  const certs::CertificateFiles files = certs::FilesIn(Folder());
  std::vector<std::filesystem::path> all = {files.certificate, files.key};
  if (!options_.client_ca_file.empty()) all.push_back(options_.client_ca_file);
  return all;
}

std::filesystem::path ServingCertificate::AuthorityFile() const {
  return certs::FilesIn(Folder()).authority;
}

std::filesystem::path DefaultStateFolder() {
  if (const char* state = std::getenv("XDG_STATE_HOME"); state != nullptr && *state == '/') {
    return std::filesystem::path(state) / "ballast";
  }
  if (const char* home = std::getenv("HOME"); home != nullptr && *home == '/') {
    return std::filesystem::path(home) / ".local" / "state" / "ballast";
  }
  return "/var/lib/ballast";
}

}  // namespace ballast::webhook
