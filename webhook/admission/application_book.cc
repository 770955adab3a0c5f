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

// Of one application. A record of ours has a few KiB, and who needs labels has a dozen.
constexpr size_t kMostOfOne = 64 << 10;
// What holding one takes beside its texts, and what a label does (measured with libstdc++).
constexpr size_t kOfApplication = 640;
constexpr size_t kOfLabel = 150;

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

// What keeping it will take, before any of it is copied.
size_t BytesOf(k8s::JsonView metadata) {
  size_t bytes = kOfApplication;
  metadata["labels"].ForEachMember([&](std::string_view key, k8s::JsonView value) {
    bytes += kOfLabel + key.size() + value.string().value_or("").size();
  });
  for (const std::string_view key : {kOriginal, kPlanned, kDecision}) {
    bytes += TextAt(metadata["annotations"], key).size();
  }
  return bytes;
}

std::shared_ptr<const KnownApplication> ReadApplication(std::string_view api_version,
                                                        k8s::JsonView object) {
  auto known = std::make_shared<KnownApplication>();
  known->kind = k8s::FindKind(api_version, "SparkApplication");
  known->api_version = api_version;
  const k8s::JsonView metadata = object["metadata"];
  known->name = TextAt(metadata, "name");
  known->uid = TextAt(metadata, "uid");
  known->bytes = BytesOf(metadata);
  if (known->bytes > kMostOfOne) return known;
  known->labels = k8s::ReadObjectLabels(object);
  const k8s::JsonView annotations = metadata["annotations"];
  known->original = TextAt(annotations, kOriginal);
  known->planned = TextAt(annotations, kPlanned);
  known->decision = TextAt(annotations, kDecision);
  known->written_seconds = WrittenAt(metadata);
  known->submitted_seconds = SubmittedAt(object);
  return known;
}

}  // namespace

void ApplicationBook::ListBegins(std::string_view api_version) {
  const std::scoped_lock lock(mutex_);
  listed_[std::string(api_version)].clear();
}

void ApplicationBook::Forget(const std::string& key) {
  const auto found = known_.find(key);
  if (found == known_.end()) return;
  bytes_ -= found->second->bytes;
  known_.erase(found);
}

Kept ApplicationBook::Keep(std::string key, std::shared_ptr<const KnownApplication> known) {
  // What was known of it holds no more, even where nothing can take its place.
  Forget(key);
  if (known->bytes > kMostOfOne) return Kept::kTooLarge;
  if (bytes_ + known->bytes > most_bytes_) return Kept::kFull;
  bytes_ += known->bytes;
  const auto listing = listed_.find(known->api_version);
  if (listing != listed_.end()) listing->second.insert(key);
  known_.emplace(std::move(key), std::move(known));
  return Kept::kYes;
}

Kept ApplicationBook::Put(std::string_view api_version, k8s::JsonView object) {
  std::string key = KeyOf(api_version, object["metadata"]);
  auto known = ReadApplication(api_version, object);
  if (known->kind == nullptr) return Kept::kYes;
  const std::scoped_lock lock(mutex_);
  const Kept kept = Keep(std::move(key), std::move(known));
  if (kept != Kept::kYes) ++left_out_;
  return kept;
}

void ApplicationBook::Removed(std::string_view api_version, k8s::JsonView object) {
  const std::scoped_lock lock(mutex_);
  Forget(KeyOf(api_version, object["metadata"]));
}

void ApplicationBook::ListEnds(std::string_view api_version) {
  const std::scoped_lock lock(mutex_);
  const auto listing = listed_.find(std::string(api_version));
  if (listing == listed_.end()) return;
  // What another version told of is that one's: where this one is not served, its list is empty.
  std::erase_if(known_, [&](const auto& one) {
    if (one.second->api_version != api_version || listing->second.contains(one.first)) return false;
    bytes_ -= one.second->bytes;
    return true;
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

uint64_t ApplicationBook::left_out() const {
  const std::shared_lock lock(mutex_);
  return left_out_;
}

}  // namespace ballast::webhook
