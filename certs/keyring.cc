#include "certs/keyring.h"

#include <algorithm>
#include <utility>

#include "certs/bundle.h"
#include "certs/certificate.h"
#include "certs/tls_context.h"

namespace ballast::certs {
namespace {

using policy::Result;

std::optional<CertificateInfo> InfoOf(const std::string& pem) {
  auto described = Describe(pem);
  if (!described.ok()) return std::nullopt;
  return std::move(described->front());
}

bool Expired(const std::string& pem, int64_t now) {
  const auto info = InfoOf(pem);
  return !info || StateAt(info->validity, now) == ValidityState::kExpired;
}

void Retire(Keyring& keyring) {
  if (!keyring.authority) return;
  keyring.retired.insert(keyring.retired.begin(), keyring.authority->certificate_pem);
  if (keyring.retired.size() > kMostRetired) keyring.retired.resize(kMostRetired);
  keyring.authority.reset();
}

void DropUnusable(Keyring& keyring) {
  const auto usable = [](const std::optional<KeyPair>& pair) {
    return pair && CheckPair(pair->certificate_pem, pair->key_pem).ok();
  };
  if (!usable(keyring.authority)) Retire(keyring);
  if (!usable(keyring.next_authority)) keyring.next_authority.reset();
  if (!keyring.next_authority) keyring.next_trusted_since.reset();
  const bool served =
      usable(keyring.serving) && keyring.authority &&
      SignedBy(keyring.serving->certificate_pem, keyring.authority->certificate_pem);
  if (!served) keyring.serving.reset();
}

bool HasNames(const CertificateInfo& info, const std::vector<std::string>& names) {
  return std::all_of(names.begin(), names.end(), [&](const std::string& name) {
    return std::count(info.dns_names.begin(), info.dns_names.end(), name) +
               std::count(info.ip_addresses.begin(), info.ip_addresses.end(), name) >
           0;
  });
}

RotationState StateOf(const Keyring& keyring, const RenewOptions& options) {
  RotationState state;
  const auto validity = [](const std::optional<KeyPair>& pair) -> std::optional<Validity> {
    const auto info = pair ? InfoOf(pair->certificate_pem) : std::nullopt;
    return info ? std::optional(info->validity) : std::nullopt;
  };
  state.authority = validity(keyring.authority);
  state.next_authority = validity(keyring.next_authority);
  state.next_authority_published = keyring.next_trusted_since;
  if (keyring.serving) {
    const auto info = InfoOf(keyring.serving->certificate_pem);
    if (info && HasNames(*info, options.names)) state.serving = info->validity;
  }
  return state;
}

Result<KeyPair> NewAuthority(const RenewOptions& options) {
  return MakeAuthority(
      {"Ballast CA " + FormatTime(options.now), options.now, options.authority_lifetime_seconds});
}

Result<bool> ServeAnew(Keyring& keyring, const RenewOptions& options) {
  auto made =
      MakeServing(*keyring.authority, options.names,
                  {"Ballast admission webhook", options.now, options.serving_lifetime_seconds});
  if (!made.ok()) return made.error();
  keyring.serving = *std::move(made);
  return true;
}

Result<bool> Take(RotationStep step, Keyring& keyring, const RenewOptions& options) {
  if (step == RotationStep::kMakeAuthority || step == RotationStep::kPublishAuthority) {
    auto made = NewAuthority(options);
    if (!made.ok()) return made.error();
    if (step == RotationStep::kPublishAuthority) {
      keyring.next_authority = *std::move(made);
      keyring.next_trusted_since.reset();
      return true;
    }
    Retire(keyring);
    keyring.authority = *std::move(made);
  }
  if (step == RotationStep::kPromoteAuthority) {
    Retire(keyring);
    keyring.authority = std::exchange(keyring.next_authority, std::nullopt);
    keyring.next_trusted_since.reset();
  }
  return ServeAnew(keyring, options);
}

// What is due by time, or what was asked for where nothing is.
RotationStep FirstStep(const Keyring& keyring, const RenewOptions& options) {
  const RotationStep due = NextStep(StateOf(keyring, options), options.times, options.now);
  if (due == RotationStep::kNothing && options.renew == Renew::kServing) {
    return RotationStep::kMakeServing;
  }
  const bool free = due == RotationStep::kNothing || due == RotationStep::kMakeServing;
  if (free && options.renew == Renew::kAuthority && !keyring.next_authority) {
    return RotationStep::kPublishAuthority;
  }
  return due;
}

}  // namespace

std::string BundleOf(const Keyring& keyring) {
  std::string pem;
  if (keyring.authority) pem += keyring.authority->certificate_pem;
  if (keyring.next_authority) pem += keyring.next_authority->certificate_pem;
  for (const std::string& retired : keyring.retired) pem += retired;
  std::string bundle;
  for (const std::string& one : SplitBundle(pem)) bundle += one;
  return bundle;
}

Result<Renewed> RenewKeyring(Keyring keyring, const RenewOptions& options) {
  if (options.renew == Renew::kEverything) keyring = {};
  DropUnusable(keyring);
  Renewed renewed;
  RotationStep step = FirstStep(keyring, options);
  // Where the next authority is published the serving certificate may be due as well.
  constexpr int kMostSteps = 3;
  for (int i = 0; i < kMostSteps && step != RotationStep::kNothing; ++i) {
    const Result<bool> taken = Take(step, keyring, options);
    if (!taken.ok()) return taken.error();
    renewed.steps.push_back(step);
    step = NextStep(StateOf(keyring, options), options.times, options.now);
  }
  std::erase_if(keyring.retired, [&](const std::string& pem) { return Expired(pem, options.now); });
  renewed.keyring = std::move(keyring);
  return renewed;
}

}  // namespace ballast::certs
