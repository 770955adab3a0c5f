#include "tests/fakes/api_store.h"

namespace ballast::fakes {
namespace {

using nlohmann::json;

// As the real server, this one forgets; who falls behind so far must list anew.
constexpr size_t kRemembered = 4000;

}  // namespace

void ApiStore::Know(const ResourceKey& resource) {
  const std::scoped_lock lock(mutex_);
  resources_.try_emplace(resource);
}

bool ApiStore::Knows(const ResourceKey& resource) const {
  const std::scoped_lock lock(mutex_);
  return resources_.contains(resource);
}

void ApiStore::Happened(Resource& resource, StoredEvent event) {
  resource.events.push_back(std::move(event));
  while (resource.events.size() > kRemembered) {
    resource.forgotten = resource.events.front().version;
    resource.events.pop_front();
  }
  happened_.notify_all();
}

json ApiStore::Put(const ResourceKey& resource, const ObjectKey& key, json object) {
  json& metadata = object["metadata"];
  metadata["name"] = key.second;
  if (!key.first.empty()) metadata["namespace"] = key.first;
  PutText(resource, key, [&](const std::string& version) {
    metadata["resourceVersion"] = version;
    return object.dump();
  });
  return object;
}

void ApiStore::PutText(const ResourceKey& resource, const ObjectKey& key,
                       const std::function<std::string(const std::string&)>& text) {
  const std::scoped_lock lock(mutex_);
  Resource& held = resources_[resource];
  ++version_;
  std::string made = text(std::to_string(version_));
  const bool added = held.objects.insert_or_assign(key, made).second;
  Happened(held, {version_, added ? "ADDED" : "MODIFIED", key, std::move(made)});
}

bool ApiStore::Remove(const ResourceKey& resource, const ObjectKey& key) {
  const std::scoped_lock lock(mutex_);
  Resource& held = resources_[resource];
  const auto found = held.objects.find(key);
  if (found == held.objects.end()) return false;
  json last = json::parse(found->second);
  held.objects.erase(found);
  ++version_;
  last["metadata"]["resourceVersion"] = std::to_string(version_);
  Happened(held, {version_, "DELETED", key, last.dump()});
  return true;
}

std::optional<json> ApiStore::Get(const ResourceKey& resource, const ObjectKey& key) const {
  const std::scoped_lock lock(mutex_);
  const auto held = resources_.find(resource);
  if (held == resources_.end()) return std::nullopt;
  const auto found = held->second.objects.find(key);
  if (found == held->second.objects.end()) return std::nullopt;
  return json::parse(found->second);
}

size_t ApiStore::Count(const ResourceKey& resource) const {
  const std::scoped_lock lock(mutex_);
  const auto held = resources_.find(resource);
  return held == resources_.end() ? 0 : held->second.objects.size();
}

ListedPage ApiStore::List(const ResourceKey& resource, const std::string& name_space,
                          const std::string& begin, size_t limit) const {
  const std::scoped_lock lock(mutex_);
  ListedPage page;
  page.version = version_;
  const auto held = resources_.find(resource);
  if (held == resources_.end()) return page;
  const size_t slash = begin.find('/');
  const ObjectKey from =
      begin.empty() ? ObjectKey{} : ObjectKey{begin.substr(0, slash), begin.substr(slash + 1)};
  for (auto it = held->second.objects.lower_bound(from); it != held->second.objects.end(); ++it) {
    if (!name_space.empty() && it->first.first != name_space) continue;
    if (limit > 0 && page.items.size() == limit) {
      page.next = it->first.first + "/" + it->first.second;
      break;
    }
    page.items.push_back(it->second);
  }
  return page;
}

void ApiStore::Bookmark(const ResourceKey& resource) {
  const std::scoped_lock lock(mutex_);
  const json object = {{"metadata", {{"resourceVersion", std::to_string(++version_)}}}};
  Happened(resources_[resource], {version_, "BOOKMARK", {}, object.dump()});
}

void ApiStore::Compact() {
  const std::scoped_lock lock(mutex_);
  ++version_;
  for (auto& [key, held] : resources_) {
    held.events.clear();
    held.forgotten = version_;
  }
}

std::optional<std::vector<StoredEvent>> ApiStore::After(const ResourceKey& resource,
                                                        int64_t version,
                                                        const std::stop_token& stop) const {
  std::unique_lock lock(mutex_);
  const auto held = resources_.find(resource);
  if (held == resources_.end()) return std::nullopt;
  const Resource& events = held->second;
  happened_.wait(lock, stop, [&] {
    return version < events.forgotten ||
           (!events.events.empty() && events.events.back().version > version);
  });
  if (stop.stop_requested()) return std::vector<StoredEvent>();
  if (version < events.forgotten) return std::nullopt;
  std::vector<StoredEvent> after;
  for (auto it = events.events.rbegin(); it != events.events.rend() && it->version > version;
       ++it) {
    after.push_back(*it);
  }
  return std::vector<StoredEvent>(after.rbegin(), after.rend());
}

int64_t ApiStore::version() const {
  const std::scoped_lock lock(mutex_);
  return version_;
}

}  // namespace ballast::fakes
