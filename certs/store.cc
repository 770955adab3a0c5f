#include "certs/store.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <optional>
#include <system_error>

#include "certs/certificate.h"
#include "certs/rotation.h"
#include "certs/tls_context.h"

namespace ballast::certs {
namespace {

namespace fs = std::filesystem;
using policy::Error;
using policy::Result;

std::string ErrnoText() { return std::generic_category().message(errno); }

// What lies in the folder, as far as it is usable at all.
struct Stored {
  std::optional<KeyPair> authority;
  std::optional<Validity> authority_validity;
  std::optional<CertificateInfo> serving;
};

std::optional<KeyPair> ReadPair(const fs::path& certificate, const fs::path& key) {
  auto certificate_pem = ReadSmallFile(certificate);
  auto key_pem = ReadSmallFile(key);
  if (!certificate_pem.ok() || !key_pem.ok()) return std::nullopt;
  KeyPair pair{*std::move(certificate_pem), *std::move(key_pem)};
  if (!CheckPair(pair.certificate_pem, pair.key_pem).ok()) return std::nullopt;
  return pair;
}

Stored Load(const fs::path& folder) {
  const CertificateFiles files = FilesIn(folder);
  Stored stored;
  stored.authority = ReadPair(files.authority, folder / "ca.key");
  if (!stored.authority.has_value()) return stored;
  const auto authority = Describe(stored.authority->certificate_pem);
  if (authority.ok()) stored.authority_validity = authority->front().validity;
  const std::optional<KeyPair> serving = ReadPair(files.certificate, files.key);
  if (!serving.has_value()) return stored;
  const auto described = Describe(serving->certificate_pem);
  if (described.ok() && authority.ok() && described->front().issuer == authority->front().subject) {
    stored.serving = described->front();
  }
  return stored;
}

bool HasNames(const CertificateInfo& info, const std::vector<std::string>& names) {
  return std::all_of(names.begin(), names.end(), [&](const std::string& name) {
    return std::count(info.dns_names.begin(), info.dns_names.end(), name) +
               std::count(info.ip_addresses.begin(), info.ip_addresses.end(), name) >
           0;
  });
}

Result<bool> WritePair(const fs::path& certificate, const fs::path& key, const KeyPair& pair) {
  auto written_key = ReplaceFile(key, pair.key_pem, true);
  if (!written_key.ok()) return written_key;
  return ReplaceFile(certificate, pair.certificate_pem, false);
}

Result<Ensured> MakeMissing(const fs::path& folder, const EnsureOptions& options, Stored stored) {
  const CertificateFiles files = FilesIn(folder);
  RotationState state;
  state.authority = stored.authority_validity;
  if (stored.serving.has_value() && HasNames(*stored.serving, options.names)) {
    state.serving = stored.serving->validity;
  }
  const RotationStep step = NextStep(state, RotationTimes{}, options.now);
  if (step == RotationStep::kNothing) return Ensured::kKept;
  const bool new_authority = step != RotationStep::kMakeServing;
  if (new_authority) {
    auto made = MakeAuthority(
        {"Ballast CA " + FormatTime(options.now), options.now, options.authority_lifetime_seconds});
    if (!made.ok()) return made.error();
    const auto written = WritePair(files.authority, folder / "ca.key", *made);
    if (!written.ok()) return written.error();
    stored.authority = *std::move(made);
  }
  const auto serving =
      MakeServing(*stored.authority, options.names,
                  {"Ballast admission webhook", options.now, options.serving_lifetime_seconds});
  if (!serving.ok()) return serving.error();
  const auto written = WritePair(files.certificate, files.key, *serving);
  if (!written.ok()) return written.error();
  return new_authority ? Ensured::kMadeAuthority : Ensured::kMadeServing;
}

}  // namespace

CertificateFiles FilesIn(const fs::path& folder) {
  return {folder / "ca.crt", folder / "tls.crt", folder / "tls.key"};
}

Result<Ensured> EnsureCertificates(const fs::path& folder, const EnsureOptions& options) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) return Error{folder.string(), "cannot make this folder: " + error.message()};
  return MakeMissing(folder, options, Load(folder));
}

Result<std::string> ReadSmallFile(const fs::path& file, size_t max_bytes) {
  const int fd = open(file.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return Error{file.string(), "cannot read it: " + ErrnoText()};
  std::string text;
  std::array<char, 16384> chunk;
  ssize_t got = 0;
  while ((got = read(fd, chunk.data(), chunk.size())) > 0 && text.size() <= max_bytes) {
    text.append(chunk.data(), static_cast<size_t>(got));
  }
  const std::string reason = got < 0 ? ErrnoText() : "";
  close(fd);
  if (!reason.empty()) return Error{file.string(), "cannot read it: " + reason};
  if (text.size() > max_bytes) {
    return Error{file.string(), "longer than " + std::to_string(max_bytes) + " bytes"};
  }
  return text;
}

Result<bool> ReplaceFile(const fs::path& file, std::string_view text, bool secret) {
  const std::string temporary = file.string() + ".new";
  unlink(temporary.c_str());
  const int fd = open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW,
                      secret ? 0600 : 0644);
  if (fd < 0) return Error{file.string(), "cannot write it: " + ErrnoText()};
  size_t done = 0;
  while (done < text.size()) {
    const ssize_t wrote = write(fd, text.data() + done, text.size() - done);
    if (wrote <= 0) break;
    done += static_cast<size_t>(wrote);
  }
  const bool ok = done == text.size() && fsync(fd) == 0;
  const std::string reason = ok ? "" : ErrnoText();
  close(fd);
  if (!ok || rename(temporary.c_str(), file.c_str()) != 0) {
    const std::string why = ok ? ErrnoText() : reason;
    unlink(temporary.c_str());
    return Error{file.string(), "cannot write it: " + why};
  }
  return true;
}

}  // namespace ballast::certs
