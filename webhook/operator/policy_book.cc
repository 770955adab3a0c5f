#include "webhook/operator/policy_book.h"

#include <algorithm>
#include <variant>

#include "k8s/text_at.h"
#include "webhook/admission/moments.h"
#include "webhook/policy_file/policy_object.h"

namespace ballast::webhook {
namespace {

using k8s::TextAt;

// Of each kind; an API server that holds more is not held back by us.
constexpr size_t kMostStored = 10'000;

std::pair<std::string, std::string> KeyOf(k8s::JsonView metadata) {
  return {std::string(TextAt(metadata, "namespace")), std::string(TextAt(metadata, "name"))};
}

// Reads the object into its place. True where what is in force or its mistakes have changed.
bool Take(std::string_view kind, k8s::JsonView object, StoredPolicy& stored) {
  const k8s::JsonView metadata = object["metadata"];
  const std::string_view uid = TextAt(metadata, "uid");
  if (uid != stored.uid) stored = StoredPolicy();  // another object of the same name
  stored.kind = kind;
  stored.uid = uid;
  stored.namespace_name = TextAt(metadata, "namespace");
  stored.name = TextAt(metadata, "name");
  stored.generation = metadata["generation"].integer().value_or(0);
  stored.status = object["status"].exists() ? object["status"].Copy() : nlohmann::json();
  auto read = ReadPolicyObject(object, kind);
  if (auto* mistakes = std::get_if<std::vector<policy::Error>>(&read)) {
    const bool news = stored.mistakes != *mistakes;
    stored.mistakes = std::move(*mistakes);
    return news;
  }
  const bool was_bad = !std::exchange(stored.mistakes, {}).empty();
  stored.in_force = stored.generation;
  auto& good = std::get<PolicyFile>(read);
  std::optional<policy::Policy> one;
  std::optional<policy::PolicyException> exception;
  if (!good.policies.empty()) one = std::move(good.policies.front());
  if (!good.exceptions.empty()) exception = std::move(good.exceptions.front());
  const int64_t written = WrittenAt(metadata);
  const bool changed = was_bad || one != stored.policy || exception != stored.exception ||
                       written != stored.written_seconds;
  stored.written_seconds = written;
  stored.policy = std::move(one);
  stored.exception = std::move(exception);
  return changed;
}

}  // namespace

PolicyBook::Shelf& PolicyBook::ShelfOf(std::string_view kind) {
  return kind == kPolicyKind ? policies_ : exceptions_;
}

void PolicyBook::Changed(bool changed) const {
  if (changed && on_change_) on_change_();
}

void PolicyBook::ListBegins(std::string_view kind) {
  const std::scoped_lock lock(mutex_);
  Shelf& shelf = ShelfOf(kind);
  shelf.listing = true;
  shelf.listed.clear();
}

void PolicyBook::Put(std::string_view kind, k8s::JsonView object) {
  bool changed = false;
  {
    const std::scoped_lock lock(mutex_);
    Shelf& shelf = ShelfOf(kind);
    const Key key = KeyOf(object["metadata"]);
    if (!shelf.stored.contains(key) && shelf.stored.size() >= kMostStored) {
      ++left_out_;
      return;
    }
    changed = Take(kind, object, shelf.stored[key]);
    ++version_;
    // A first list comes into force as a whole.
    if (shelf.listing) {
      shelf.listed.insert(key);
      changed = false;
    }
  }
  Changed(changed);
}

void PolicyBook::Removed(std::string_view kind, k8s::JsonView object) {
  bool changed = false;
  {
    const std::scoped_lock lock(mutex_);
    const k8s::JsonView metadata = object["metadata"];
    changed = ShelfOf(kind).stored.erase(KeyOf(metadata)) > 0;
  }
  Changed(changed);
}

void PolicyBook::ListEnds(std::string_view kind) {
  {
    const std::scoped_lock lock(mutex_);
    Shelf& shelf = ShelfOf(kind);
    std::erase_if(shelf.stored, [&](const auto& one) { return !shelf.listed.contains(one.first); });
    shelf.listing = false;
    shelf.listed.clear();
    ++version_;
  }
  Changed(true);
}

std::vector<policy::Policy> PolicyBook::Policies() const {
  const std::scoped_lock lock(mutex_);
  std::vector<policy::Policy> policies;
  for (const auto& [key, stored] : policies_.stored) {
    if (stored.policy) policies.push_back(*stored.policy);
  }
  return policies;
}

std::vector<policy::PolicyException> PolicyBook::Exceptions() const {
  const std::scoped_lock lock(mutex_);
  std::vector<policy::PolicyException> exceptions;
  for (const auto& [key, stored] : exceptions_.stored) {
    if (stored.exception) exceptions.push_back(*stored.exception);
  }
  return exceptions;
}

int64_t PolicyBook::PoliciesWrittenSeconds() const {
  const std::scoped_lock lock(mutex_);
  int64_t latest = 0;
  for (const auto& [key, stored] : policies_.stored) {
    latest = std::max(latest, stored.written_seconds);
  }
  return latest;
}

std::vector<StoredPolicy> PolicyBook::All() const {
  const std::scoped_lock lock(mutex_);
  std::vector<StoredPolicy> all;
  for (const Shelf* shelf : {&policies_, &exceptions_}) {
    for (const auto& [key, stored] : shelf->stored) all.push_back(stored);
  }
  return all;
}

uint64_t PolicyBook::version() const {
  const std::scoped_lock lock(mutex_);
  return version_;
}

size_t PolicyBook::left_out() const {
  const std::scoped_lock lock(mutex_);
  return left_out_;
}

}  // namespace ballast::webhook
