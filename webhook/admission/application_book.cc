#include "webhook/admission/application_book.h"

#include <array>
#include <mutex>
#include <utility>

#include "k8s/namespace_objects.h"
#include "k8s/text_at.h"
#include "webhook/admission/annotations.h"
#include "webhook/admission/moments.h"

namespace ballast::webhook {
namespace {

using k8s::TextAt;

// What is longer than this is no record of ours, and a book of such would be a way to fill memory.
constexpr size_t kLongestRecord = 32 << 10;
// An application more is judged anew at its submission.
constexpr size_t kMostKnown = 200'000;

// The label by which each operator names the application in what it makes of it.
struct ApplicationLabel {
  std::string_view key;
  std::string_view group;
};
constexpr std::array<ApplicationLabel, 2> kApplicationLabels = {{
    {"sparkoperator.k8s.io/app-name", "sparkoperator.k8s.io"},
    {"spark.operator/spark-app-name", "spark.apache.org"},
}};

std::string_view GroupOf(std::string_view api_version) {
  return api_version.substr(0, api_version.find('/'));
}

std::string KeyOf(std::string_view group, std::string_view namespace_name, std::string_view name) {
  std::string key(group);
  return key.append("/").append(namespace_name).append("/").append(name);
}

std::string KeyOf(std::string_view api_version, k8s::JsonView metadata) {
  return KeyOf(GroupOf(api_version), TextAt(metadata, "namespace"), TextAt(metadata, "name"));
}

std::string Record(k8s::JsonView annotations, std::string_view key) {
  const std::string_view text = TextAt(annotations, key);
  return text.size() > kLongestRecord ? std::string() : std::string(text);
}

std::shared_ptr<const KnownApplication> ReadApplication(std::string_view api_version,
                                                        k8s::JsonView object) {
  auto known = std::make_shared<KnownApplication>();
  known->kind = k8s::FindKind(api_version, "SparkApplication");
  known->api_version = api_version;
  const k8s::JsonView metadata = object["metadata"];
  known->name = TextAt(metadata, "name");
  known->uid = TextAt(metadata, "uid");
  known->labels = k8s::ReadObjectLabels(object);
  const k8s::JsonView annotations = metadata["annotations"];
  known->original = Record(annotations, kOriginal);
  known->planned = Record(annotations, kPlanned);
  known->decision = Record(annotations, kDecision);
  known->written_seconds = WrittenAt(metadata);
  known->submitted_seconds = SubmittedAt(object);
  return known;
}

}  // namespace

void ApplicationBook::ListBegins(std::string_view api_version) {
  const std::scoped_lock lock(mutex_);
  listed_[std::string(api_version)].clear();
}

void ApplicationBook::Put(std::string_view api_version, k8s::JsonView object) {
  std::string key = KeyOf(api_version, object["metadata"]);
  auto known = ReadApplication(api_version, object);
  if (known->kind == nullptr) return;
  const std::scoped_lock lock(mutex_);
  const auto listing = listed_.find(std::string(api_version));
  if (listing != listed_.end()) listing->second.insert(key);
  if (known_.size() >= kMostKnown && !known_.contains(key)) return;
  known_.insert_or_assign(std::move(key), std::move(known));
}

void ApplicationBook::Removed(std::string_view api_version, k8s::JsonView object) {
  const std::scoped_lock lock(mutex_);
  known_.erase(KeyOf(api_version, object["metadata"]));
}

void ApplicationBook::ListEnds(std::string_view api_version) {
  const std::scoped_lock lock(mutex_);
  const auto listing = listed_.find(std::string(api_version));
  if (listing == listed_.end()) return;
  // What another version told of is that one's: where this one is not served, its list is empty.
  std::erase_if(known_, [&](const auto& one) {
    return one.second->api_version == api_version && !listing->second.contains(one.first);
  });
  listed_.erase(listing);
}

std::shared_ptr<const KnownApplication> ApplicationBook::FindFor(
    std::string_view namespace_name, const policy::Labels& labels) const {
  for (const ApplicationLabel& label : kApplicationLabels) {
    const auto named = labels.find(std::string(label.key));
    if (named == labels.end()) continue;
    const std::string key = KeyOf(label.group, namespace_name, named->second);
    const std::shared_lock lock(mutex_);
    const auto found = known_.find(key);
    if (found != known_.end()) return found->second;
  }
  return nullptr;
}

void ApplicationBook::SetServed(std::set<std::string> kinds) {
  const std::scoped_lock lock(mutex_);
  served_ = std::move(kinds);
}

bool ApplicationBook::Serves(const k8s::Kind& kind) const {
  const std::shared_lock lock(mutex_);
  return served_.contains(std::string(kind.group) + "/" + std::string(kind.kind));
}

size_t ApplicationBook::size() const {
  const std::shared_lock lock(mutex_);
  return known_.size();
}

}  // namespace ballast::webhook
