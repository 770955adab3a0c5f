#include "webhook/admission/restore.h"

#include <charconv>
#include <string>
#include <string_view>
#include <vector>

#include "k8s/kinds/kind.h"
#include "webhook/admission/annotations.h"
#include "webhook/admission/pinned.h"
#include "webhook/admission/settings_text.h"

namespace ballast::webhook {
namespace {

using nlohmann::json;

std::vector<std::string> Tokens(std::string_view pointer) {
  std::vector<std::string> tokens;
  for (const char c : pointer) {
    if (c == '/') {
      tokens.emplace_back();
    } else if (!tokens.empty()) {
      std::string& token = tokens.back();
      const bool escaped = !token.empty() && token.back() == '~' && (c == '0' || c == '1');
      if (escaped) token.pop_back();
      token += !escaped ? c : c == '0' ? '~' : '/';
    }
  }
  return tokens;
}

// The member or element, nullptr where it is not there.
json* Step(json& value, const std::string& token) {
  if (value.is_object()) {
    const auto found = value.find(token);
    return found == value.end() ? nullptr : &*found;
  }
  if (!value.is_array()) return nullptr;
  size_t index = 0;
  const auto [end, error] = std::from_chars(token.data(), token.data() + token.size(), index);
  const bool whole = error == std::errc() && end == token.data() + token.size();
  return whole && index < value.size() ? &value[index] : nullptr;
}

// Writes (or, without a value, removes); a path through something that is no container is left.
void Put(json& object, std::string_view pointer, const std::optional<json>& value) {
  std::vector<std::string> tokens = Tokens(pointer);
  if (tokens.empty()) return;
  const std::string last = std::move(tokens.back());
  tokens.pop_back();
  json* at = &object;
  for (const std::string& token : tokens) {
    json* next = Step(*at, token);
    if (next == nullptr && value && at->is_object()) next = &((*at)[token] = json::object());
    if (next == nullptr) return;
    at = next;
  }
  if (json* there = Step(*at, last); there != nullptr && value) {
    *there = *value;
  } else if (at->is_object()) {
    if (value) {
      (*at)[last] = *value;
    } else {
      at->erase(last);
    }
  }
}

// Made to hold other recorded paths; the user may have put more into it since.
bool IsContainer(const RecordedPath& path) {
  return path.now && path.now->is_object() && path.now->empty();
}

// Whether what the user applies says anything at this path.
bool Names(k8s::JsonView applied, std::string_view path) {
  const k8s::JsonView at = applied.At(path);
  return at.exists() && !at.is_null();
}

bool Holds(k8s::JsonView at, const std::optional<json>& value) {
  if (!at.exists()) return !value;
  return value && at.Copy() == *value;
}

}  // namespace

bool HoldsRecorded(k8s::JsonView object, const Record& record) {
  for (const RecordedPath& path : record.paths) {
    const k8s::JsonView at = object.At(path.path);
    if (IsContainer(path) ? !at.is_object() : !Holds(at, path.now)) return false;
  }
  return true;
}

void RestorePaths(json& object, const Record& record, const json& last_applied,
                  const json& applied_before) {
  const k8s::JsonView applied(last_applied);
  const k8s::JsonView before(applied_before);
  // Backwards, so that a container that Ballast made is empty again when its turn comes.
  for (auto path = record.paths.rbegin(); path != record.paths.rend(); ++path) {
    if (!Holds(k8s::JsonView(object).At(path->path), path->now)) continue;
    if (path->now && Holds(applied.At(path->path), path->now)) continue;
    // He took it out of his text, and kubectl found it gone already.
    const bool dropped = applied.is_object() && Names(before, path->path);
    if (!path->now && dropped && !Names(applied, path->path)) continue;
    Put(object, path->path, path->was);
  }
}

void ApplyRecord(json& object, const Record& record) {
  for (const RecordedPath& path : record.paths) {
    if (IsContainer(path) && k8s::JsonView(object).At(path.path).is_object()) continue;
    Put(object, path.path, path.now);
  }
}

policy::Result<json> Restore(const json& stored) {
  const OwnAnnotations own = ReadAnnotations(k8s::JsonView(stored));
  if (own.original().empty()) {
    return policy::Error{"/metadata/annotations",
                         "has no ballast.dev/original: Ballast did not rewrite this object"};
  }
  const k8s::JsonView view(stored);
  const k8s::Kind* kind = k8s::FindKind(view);
  if (kind == nullptr) return policy::Error{"/kind", "is not a kind that Ballast rewrites"};
  const policy::Result<Record> record = ReadRecordFor(*kind, own.original());
  if (!record) {
    return policy::Error{"/metadata/annotations/ballast.dev~1original",
                         record.error().where + " " + record.error().what};
  }
  json object = Opened(*kind, view);
  RestorePaths(object, *record);
  object = Closed(*kind, view, std::move(object), *record);
  object.erase("status");
  json& metadata = object["metadata"];
  for (const char* key :
       {"managedFields", "uid", "resourceVersion", "generation", "creationTimestamp", "selfLink"}) {
    metadata.erase(key);
  }
  json& annotations = metadata["annotations"];
  for (const auto& [key, value] : own.ours) annotations.erase(std::string(key));
  annotations.erase("kubectl.kubernetes.io/last-applied-configuration");
  if (annotations.empty()) metadata.erase("annotations");
  return object;
}

}  // namespace ballast::webhook
