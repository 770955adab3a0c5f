// What the fake API server holds: objects with versions, and what happened to them, as etcd has it.
// Any thread.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <nlohmann/json.hpp>
#include <optional>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

namespace ballast::fakes {

// "/apis/G/V" and the plural, and within it namespace and name.
struct ResourceKey {
  std::string group;     // "/api/v1", "/apis/apps/v1"
  std::string resource;  // "nodes"
  auto operator<=>(const ResourceKey&) const = default;
};
using ObjectKey = std::pair<std::string, std::string>;  // namespace, name

struct StoredEvent {
  int64_t version = 0;
  std::string type;  // ADDED, MODIFIED, DELETED, BOOKMARK
  ObjectKey key;
  std::string text;  // of the object
};

struct ListedPage {
  std::vector<std::string> items;
  std::string next;  // where the next page begins; empty: there is none
  int64_t version = 0;
};

class ApiStore {
 public:
  // A kind that the server knows; all others are 404.
  void Know(const ResourceKey& resource);
  bool Knows(const ResourceKey& resource) const;

  // Sets metadata.resourceVersion (and name and namespace). Returns what is stored.
  nlohmann::json Put(const ResourceKey& resource, const ObjectKey& key, nlohmann::json object);
  // The same without a document of it: `text` is given the version.
  void PutText(const ResourceKey& resource, const ObjectKey& key,
               const std::function<std::string(const std::string& version)>& text);
  bool Remove(const ResourceKey& resource, const ObjectKey& key);
  std::optional<nlohmann::json> Get(const ResourceKey& resource, const ObjectKey& key) const;
  size_t Count(const ResourceKey& resource) const;

  // At most `limit` objects (0: all) from `begin` on (empty: the first); `name_space` empty: all.
  ListedPage List(const ResourceKey& resource, const std::string& name_space,
                  const std::string& begin, size_t limit) const;
  // Tells all watchers the present version.
  void Bookmark(const ResourceKey& resource);
  // Forgets what happened: watching from before now is 410.
  void Compact();
  // What happened after `version`; waits for something. nullopt: too long ago. Empty: stopped.
  std::optional<std::vector<StoredEvent>> After(const ResourceKey& resource, int64_t version,
                                                const std::stop_token& stop) const;
  int64_t version() const;

 private:
  struct Resource {
    std::map<ObjectKey, std::string> objects;
    std::deque<StoredEvent> events;
    int64_t forgotten = 0;  // events up to here
  };
  void Happened(Resource& resource, StoredEvent event);

  mutable std::mutex mutex_;
  mutable std::condition_variable_any happened_;
  std::map<ResourceKey, Resource> resources_;
  int64_t version_ = 1000;
};

}  // namespace ballast::fakes
