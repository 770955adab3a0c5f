#include "k8s/manifest.h"

#include <algorithm>
#include <utility>

#include "k8s/manifest_reader.h"

namespace ballast::k8s {
namespace {

constexpr size_t kMostBytes = 16 << 20;

// The items of a List, each with its own places.
void AddItems(ManifestDocument list, Documents& documents) {
  nlohmann::json& items = list.object["items"];
  std::vector<ManifestDocument> parts(items.size());
  for (size_t i = 0; i < items.size(); ++i) {
    parts[i].object = std::move(items[i]);
    parts[i].file = list.file;
  }
  constexpr std::string_view kItems = "/items/";
  for (const auto& [pointer, place] : list.places) {
    if (!pointer.starts_with(kItems)) continue;
    const size_t end = std::min(pointer.find('/', kItems.size()), pointer.size());
    const size_t index = std::stoul(pointer.substr(kItems.size(), end - kItems.size()));
    if (index < parts.size()) parts[index].places.emplace(pointer.substr(end), place);
  }
  for (ManifestDocument& part : parts) documents.push_back(std::move(part));
}

bool IsList(const nlohmann::json& object) {
  if (!object.is_object()) return false;
  const auto kind = object.find("kind");
  const auto items = object.find("items");
  return kind != object.end() && kind->is_string() && items != object.end() && items->is_array() &&
         kind->get_ref<const std::string&>().ends_with("List");
}

}  // namespace

bool LooksLikeJson(std::string_view text) {
  constexpr std::string_view kBlank = " \t\r\n";
  const size_t brace = text.find_first_not_of(kBlank);
  if (brace == std::string_view::npos || text[brace] != '{') return false;
  const size_t next = text.find_first_not_of(kBlank, brace + 1);
  return next == std::string_view::npos || text[next] == '"' || text[next] == '}';
}

std::string PlaceText(const std::string& file, SourcePlace place) {
  return file + ":" + std::to_string(place.line) + ":" + std::to_string(place.column);
}

std::string ManifestDocument::PlaceOf(std::string_view pointer) const {
  std::string at(pointer);
  while (true) {
    if (const auto found = places.find(at); found != places.end()) {
      return PlaceText(file, found->second);
    }
    if (at.empty()) return file;
    at.resize(at.rfind('/') == std::string::npos ? 0 : at.rfind('/'));
  }
}

policy::Result<std::vector<ManifestDocument>> ReadManifests(std::string_view text,
                                                            const std::string& file) {
  if (text.size() > kMostBytes) {
    return policy::Error{file, "is larger than 16 MiB: pass it in smaller parts"};
  }
  auto read = LooksLikeJson(text) ? ReadJsonDocuments(text, file) : ReadYamlDocuments(text, file);
  // YAML may begin like JSON, too: {a: 1}, or several documents.
  if (!read.ok() && LooksLikeJson(text) && text.find("\n---") != std::string_view::npos) {
    read = ReadYamlDocuments(text, file);
  }
  if (!read.ok()) return read.error();
  Documents documents;
  for (ManifestDocument& document : *read) {
    if (IsList(document.object)) {
      AddItems(std::move(document), documents);
    } else {
      documents.push_back(std::move(document));
    }
  }
  std::erase_if(documents, [](const auto& document) { return document.object.is_null(); });
  for (const ManifestDocument& document : documents) {
    if (!document.object.is_object()) {
      return policy::Error{document.PlaceOf(""),
                           "is no Kubernetes object: a manifest is a map with apiVersion and kind"};
    }
  }
  return documents;
}

}  // namespace ballast::k8s
