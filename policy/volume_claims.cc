#include "policy/volume_claims.h"

#include <algorithm>

#include "policy/quantity.h"
#include "policy/units.h"

namespace ballast::policy {

VolumeClaims ReadVolumeClaims(const SparkConf& conf, std::string_view role, int64_t at_least) {
  const std::string prefix =
      "spark.kubernetes." + std::string(role) + ".volumes.persistentVolumeClaim.";
  constexpr std::string_view kClaimName = ".options.claimName";
  VolumeClaims claims;
  conf.ForEachWithPrefix(prefix, [&](std::string_view key, std::string_view value) {
    if (!key.ends_with(kClaimName) || value.find("OnDemand") == std::string_view::npos) return;
    ++claims.count;
    const std::string options(key.substr(0, key.size() - std::string_view("claimName").size()));
    const auto storage_class = conf.Get(options + "storageClass");
    const auto size = conf.Get(options + "sizeLimit");
    const auto bytes = size ? ParseMemoryQuantity(*size) : Result<ByteSize>(Error{});
    if (!bytes.ok()) return;
    key.remove_prefix(prefix.size());
    key.remove_suffix(kClaimName.size());
    claims.sized.push_back(
        {std::string(key), std::string(storage_class.value_or("")), bytes->bytes()});
  });
  claims.count = std::max(claims.count, at_least);
  return claims;
}

Amounts QuotaUse(const VolumeClaims& claims) {
  Amounts use;
  if (claims.count == 0) return use;
  use.emplace("persistentvolumeclaims", claims.count);
  use.emplace("count/persistentvolumeclaims", claims.count);
  for (const VolumeClaim& claim : claims.sized) {
    const auto add = [&](const std::string& resource, int64_t amount) {
      int64_t& total = use[resource];
      total = SaturatingAdd(total, amount);
    };
    add("requests.storage", claim.bytes);
    if (claim.storage_class.empty()) continue;
    const std::string of_class = claim.storage_class + ".storageclass.storage.k8s.io/";
    add(of_class + "requests.storage", claim.bytes);
    add(of_class + "persistentvolumeclaims", 1);
  }
  return use;
}

}  // namespace ballast::policy
