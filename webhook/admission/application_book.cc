#include "webhook/admission/application_book.h"

#include <mutex>
#include <utility>

#include "webhook/admission/annotations.h"
#include "webhook/admission/written_at.h"

namespace ballast::webhook {
namespace {

// What is longer than this is no record of ours, and a book of such would be a way to fill memory.
constexpr size_t kLongestRecord = 32 << 10;
// An application more is judged anew at its submission.
constexpr size_t kMostKnown = 200'000;

std::string_view TextAt(k8s::JsonView object, std::string_view key) {
  return object[key].string().value_or(std::string_view());
}

std::string KeyOf(std::string_view namespace_name, std::string_view name) {
  return std::string(namespace_name).append("/").append(name);
}

std::string KeyOf(k8s::JsonView metadata) {
  return KeyOf(TextAt(metadata, "namespace"), TextAt(metadata, "name"));
}

std::string Record(k8s::JsonView annotations, std::string_view key) {
  const std::string_view text = TextAt(annotations, key);
  return text.size() > kLongestRecord ? std::string() : std::string(text);
}

std::shared_ptr<const KnownApplication> ReadApplication(k8s::JsonView metadata) {
  auto known = std::make_shared<KnownApplication>();
  known->name = TextAt(metadata, "name");
  known->uid = TextAt(metadata, "uid");
  metadata["labels"].ForEachMember([&](std::string_view key, k8s::JsonView value) {
    known->labels.emplace(key, value.string().value_or(std::string_view()));
  });
  const k8s::JsonView annotations = metadata["annotations"];
  known->original = Record(annotations, kOriginal);
  known->planned = Record(annotations, kPlanned);
  known->decision = Record(annotations, kDecision);
  known->written_seconds = WrittenAt(metadata);
  return known;
}

}  // namespace

void ApplicationBook::ListBegins() {
  const std::scoped_lock lock(mutex_);
  listing_ = true;
  listed_.clear();
}

void ApplicationBook::Put(k8s::JsonView object) {
  const k8s::JsonView metadata = object["metadata"];
  std::string key = KeyOf(metadata);
  auto known = ReadApplication(metadata);
  const std::scoped_lock lock(mutex_);
  if (listing_) listed_.insert(key);
  if (known_.size() >= kMostKnown && !known_.contains(key)) return;
  known_.insert_or_assign(std::move(key), std::move(known));
}

void ApplicationBook::Removed(k8s::JsonView object) {
  const std::scoped_lock lock(mutex_);
  known_.erase(KeyOf(object["metadata"]));
}

void ApplicationBook::ListEnds() {
  const std::scoped_lock lock(mutex_);
  std::erase_if(known_, [&](const auto& one) { return !listed_.contains(one.first); });
  listed_.clear();
  listing_ = false;
}

std::shared_ptr<const KnownApplication> ApplicationBook::Find(std::string_view namespace_name,
                                                              std::string_view name) const {
  const std::string key = KeyOf(namespace_name, name);
  const std::shared_lock lock(mutex_);
  const auto found = known_.find(key);
  return found == known_.end() ? nullptr : found->second;
}

size_t ApplicationBook::size() const {
  const std::shared_lock lock(mutex_);
  return known_.size();
}

}  // namespace ballast::webhook
