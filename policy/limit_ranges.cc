#include "policy/limit_ranges.h"

#include <optional>

#include "policy/print_value.h"
#include "policy/units.h"

namespace ballast::policy {
namespace {

using Type = LimitRangeItem::Type;

std::optional<int64_t> AmountOf(const Amounts& amounts, std::string_view resource) {
  const auto found = amounts.find(resource);
  if (found == amounts.end()) return std::nullopt;
  return found->second;
}

// "4 of cpu", "32Gi of memory".
std::string Of(std::string_view resource, int64_t amount) {
  return PrintAmount(resource, amount) + " of " + std::string(resource);
}

// What is judged: one container, or the pod as a whole.
struct Judged {
  std::string_view role;
  std::string who;  // "the driver's container spark-kubernetes-driver", "the driver's pod"
  const Amounts& requests;
  const Amounts& limits;
};

// Only Spark's own container has a setting that sets its cpu limit.
std::string Remedy(const Judged& judged, std::string_view resource) {
  if (resource != "cpu" || judged.who.find("spark-kubernetes-") == std::string::npos) return "";
  return ": set spark.kubernetes." + std::string(judged.role) + ".limit.cores";
}

class Check {
 public:
  Check(const LimitRange& range, const LimitRangeItem& item, std::vector<std::string>& breaches)
      : range_(range), item_(item), breaches_(breaches) {}

  void Judge(const Judged& judged) {
    for (const auto& [resource, least] : item_.min) AtLeast(judged, resource, least);
    for (const auto& [resource, most] : item_.max) AtMost(judged, resource, most);
    for (const auto& [resource, ratio] : item_.max_limit_request_ratio) {
      Ratio(judged, resource, ratio);
    }
  }

 private:
  std::string Subject() const {
    return "the LimitRange " + range_.name + " allows a " +
           (item_.type == Type::kPod ? "pod " : "container ");
  }
  void Breach(const Judged& judged, const std::string& what) {
    breaches_.push_back(judged.who + " " + what);
  }
  void AtLeast(const Judged& judged, const std::string& resource, int64_t least);
  void AtMost(const Judged& judged, const std::string& resource, int64_t most);
  void Ratio(const Judged& judged, const std::string& resource, int64_t ratio);

  const LimitRange& range_;
  const LimitRangeItem& item_;
  std::vector<std::string>& breaches_;
};

void Check::AtLeast(const Judged& judged, const std::string& resource, int64_t least) {
  const auto request = AmountOf(judged.requests, resource);
  const auto limit = AmountOf(judged.limits, resource);
  const std::string allows = Subject() + "no less than " + PrintAmount(resource, least);
  if (!request) {
    Breach(judged, "has no request of " + resource + ", and " + allows);
  } else if (*request < least) {
    Breach(judged, "requests " + Of(resource, *request) + ", and " + allows);
  } else if (limit && *limit < least) {
    Breach(judged, "has a limit of " + Of(resource, *limit) + ", and " + allows);
  }
}

void Check::AtMost(const Judged& judged, const std::string& resource, int64_t most) {
  const auto request = AmountOf(judged.requests, resource);
  const auto limit = AmountOf(judged.limits, resource);
  const std::string allows = Subject() + "no more than " + PrintAmount(resource, most);
  if (!limit) {
    Breach(judged, "has no limit of " + resource + ", and " + allows + Remedy(judged, resource));
  } else if (*limit > most) {
    Breach(judged, "has a limit of " + Of(resource, *limit) + ", and " + allows);
  } else if (request && *request > most) {
    Breach(judged, "requests " + Of(resource, *request) + ", and " + allows);
  }
}

void Check::Ratio(const Judged& judged, const std::string& resource, int64_t ratio) {
  const int64_t request = AmountOf(judged.requests, resource).value_or(0);
  const int64_t limit = AmountOf(judged.limits, resource).value_or(0);
  const std::string allows = Subject() + "a limit of at most " +
                             PrintNumber(static_cast<double>(ratio) / 1000) + " times its request";
  if (request <= 0 || limit <= 0) {
    const std::string missing = request <= 0 ? "request" : "limit";
    Breach(judged, "has no " + missing + " of " + resource + ", and " + allows +
                       (request <= 0 ? "" : Remedy(judged, resource)));
  } else if (static_cast<Int128>(limit) * 1000 > static_cast<Int128>(request) * ratio) {
    Breach(judged, "has a limit of " + Of(resource, limit) + " with a request of " +
                       PrintAmount(resource, request) + ", and " + allows);
  }
}

std::string Who(std::string_view role, const ContainerAsk& container) {
  return "the " + std::string(role) + "'s container " + container.name;
}

// The API server refuses a limit under the request, also one that it put there itself.
void AddDefaults(std::string_view role, const LimitRange& range, const LimitRangeItem& item,
                 ContainerAsk& container, std::vector<std::string>& breaches) {
  for (const auto& [resource, amount] : item.default_limits) {
    if (!container.limits.emplace(resource, amount).second) continue;
    const auto request = AmountOf(container.requests, resource);
    if (!request || *request <= amount) continue;
    const Judged judged = {role, Who(role, container), container.requests, container.limits};
    breaches.push_back(judged.who + " requests " + Of(resource, *request) +
                       ", and the LimitRange " + range.name + " gives it a default limit of " +
                       PrintAmount(resource, amount) + Remedy(judged, resource));
  }
  container.requests.insert(item.default_requests.begin(), item.default_requests.end());
}

}  // namespace

std::vector<std::string> ApplyLimitRanges(std::string_view role,
                                          const std::vector<LimitRange>& ranges, PodAsk& pod) {
  std::vector<std::string> breaches;
  for (const LimitRange& range : ranges) {
    for (const LimitRangeItem& item : range.items) {
      if (item.type != Type::kContainer) continue;
      for (ContainerAsk& container : pod.containers) {
        if (!container.assumed) AddDefaults(role, range, item, container, breaches);
      }
    }
  }
  const Amounts requests = PodRequests(pod);
  const Amounts limits = PodLimits(pod);
  for (const LimitRange& range : ranges) {
    for (const LimitRangeItem& item : range.items) {
      Check check(range, item, breaches);
      if (item.type == Type::kPod) {
        check.Judge({role, "the " + std::string(role) + "'s pod", requests, limits});
      }
      if (item.type != Type::kContainer) continue;
      for (const ContainerAsk& container : pod.containers) {
        if (container.assumed) continue;
        check.Judge({role, Who(role, container), container.requests, container.limits});
      }
    }
  }
  return breaches;
}

std::vector<std::string> CheckClaimSizes(std::string_view role,
                                         const std::vector<LimitRange>& ranges,
                                         const VolumeClaims& claims) {
  constexpr std::string_view kStorage = "storage";
  std::vector<std::string> breaches;
  for (const LimitRange& range : ranges) {
    for (const LimitRangeItem& item : range.items) {
      if (item.type != Type::kPersistentVolumeClaim) continue;
      const auto least = AmountOf(item.min, kStorage);
      const auto most = AmountOf(item.max, kStorage);
      for (const VolumeClaim& claim : claims.sized) {
        const bool small = least && claim.bytes < *least;
        if (!small && !(most && claim.bytes > *most)) continue;
        breaches.push_back("the " + std::string(role) + "'s volume claim " + claim.volume +
                           " is of " + PrintAmount(kStorage, claim.bytes) +
                           ", and the LimitRange " + range.name + " allows a claim no " +
                           (small ? "less than " + PrintAmount(kStorage, *least)
                                  : "more than " + PrintAmount(kStorage, *most)));
      }
    }
  }
  return breaches;
}

}  // namespace ballast::policy
