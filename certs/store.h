// Certificates in a folder: ca.crt, ca.key, tls.crt, tls.key. Keys have mode 0600. Files are
// replaced by renaming, so a reader sees the old or the new one and never a half.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "certs/issue.h"
#include "policy/result.h"

namespace ballast::certs {

struct CertificateFiles {
  std::filesystem::path authority;    // ca.crt
  std::filesystem::path certificate;  // tls.crt
  std::filesystem::path key;          // tls.key
};

// The names of the files in a folder; what Kubernetes calls them in a TLS secret.
CertificateFiles FilesIn(const std::filesystem::path& folder);

struct EnsureOptions {
  std::vector<std::string> names = {"localhost", "127.0.0.1", "::1"};
  int64_t now = 0;  // Unix seconds
  int64_t authority_lifetime_seconds = kDay * 365 * 10;
  int64_t serving_lifetime_seconds = 365 * kDay;
};

enum class Ensured { kKept, kMadeServing, kMadeAuthority };

// Makes what is missing, no longer valid, due for renewal, or without one of the names. An
// authority that is still good is kept, so that who trusts it need not learn another. One process
// at a time.
policy::Result<Ensured> EnsureCertificates(const std::filesystem::path& folder,
                                           const EnsureOptions& options);

// The whole file; the error says which one and why.
policy::Result<std::string> ReadSmallFile(const std::filesystem::path& file,
                                          size_t max_bytes = 1 << 20);
// Replaces the file as one step. `secret` gives mode 0600, otherwise 0644.
policy::Result<bool> ReplaceFile(const std::filesystem::path& file, std::string_view text,
                                 bool secret);

}  // namespace ballast::certs
