#include "webhook/operator/served_kinds.h"

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <string_view>
#include <utility>

#include "k8s/kinds/kind.h"
#include "k8s/text_at.h"

namespace ballast::webhook {
namespace {

// An operator is installed or upgraded a few times a year. Until that is seen, an object may be
// told of in vain.
constexpr std::chrono::seconds kAgainIn{30};

std::set<std::string> KnownVersions() {
  std::set<std::string> versions;
  for (const k8s::Kind* kind : k8s::AllKinds()) {
    if (kind->of_submission()) continue;
    for (const std::string_view version : kind->versions) {
      versions.insert(std::string(kind->group) + "/" + std::string(version));
    }
  }
  return versions;
}

}  // namespace

std::optional<std::set<std::string>> AskServedKinds(k8s::ApiClient& client,
                                                    const std::stop_token& stop) {
  std::set<std::string> served;
  for (const std::string& version : KnownVersions()) {
    const auto answer = client.Get("/apis/" + version, stop);
    if (!answer && answer.error().not_found()) continue;
    if (!answer) return std::nullopt;
    k8s::JsonView(*answer)["resources"].ForEachElement([&](k8s::JsonView resource) {
      const std::string_view name = k8s::TextAt(resource, "kind");
      const k8s::Kind* kind = k8s::FindKind(version, name);
      if (kind != nullptr) served.insert(std::string(kind->group) + "/" + std::string(name));
    });
  }
  return served;
}

ServedKinds::ServedKinds(k8s::ApiClient& client, std::shared_ptr<ApplicationBook> book)
    : client_(client), book_(std::move(book)) {}

void ServedKinds::Start() {
  thread_ = std::jthread([this](const std::stop_token& stop) {
    std::mutex mutex;
    std::condition_variable_any wake;
    std::unique_lock lock(mutex);
    while (!stop.stop_requested()) {
      if (auto served = AskServedKinds(client_, stop)) book_->SetServed(*std::move(served));
      wake.wait_for(lock, stop, kAgainIn, [] { return false; });
    }
  });
}

}  // namespace ballast::webhook
