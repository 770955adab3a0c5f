#include "k8s/api/list.h"

#include <utility>

#include "k8s/api/list_splitter.h"
#include "k8s/api/object_parser.h"

namespace ballast::k8s {
namespace {

ApiError Malformed(std::string_view path, const char* what) {
  return {0, std::string(kMalformed), "the list of " + std::string(path) + " " + what};
}

// The collection's path with a limit, and where the page begins.
std::string TargetOf(std::string_view path, const ListOptions& options, const std::string& next) {
  const char joint = path.find('?') == std::string_view::npos ? '?' : '&';
  std::string target = std::string(path) + joint + "limit=" + std::to_string(options.page_limit);
  if (!next.empty()) target += "&continue=" + QueryValue(next);
  return target;
}

ApiResult<ListedPage> ReadPage(ApiClient& client, std::string_view path, const std::string& target,
                               const std::function<void(JsonView)>& visit,
                               const ListOptions& options, ObjectParser& parser,
                               const std::stop_token& stop) {
  bool bad_object = false;
  ListSplitter splitter(options.largest_object, [&](std::string_view text) {
    const auto object = parser.Parse(text);
    bad_object = !object;
    if (object) visit(*object);
    return !bad_object;
  });
  ApiClient::Streaming streaming;
  if (options.metadata_only) streaming.accept = kMetadataListOnly;
  bool fed = true;
  streaming.receive = [&](std::string_view piece) {
    fed = splitter.Feed(piece);
    return fed;
  };
  if (auto error = client.Stream(target, streaming, stop)) return *std::move(error);
  if (bad_object) return Malformed(path, "holds what is no JSON object");
  if (splitter.too_large()) {
    return ApiError{0, std::string(kTooLarge),
                    "the list of " + std::string(path) + " holds an object of more than " +
                        std::to_string(options.largest_object) + " bytes"};
  }
  if (!fed || !splitter.complete()) return Malformed(path, "ended in its middle");
  const auto rest = parser.Parse(splitter.rest());
  if (!rest) return Malformed(path, "is no JSON");
  ListedPage page;
  page.resource_version = rest->At("/metadata/resourceVersion").string().value_or("");
  page.next = rest->At("/metadata/continue").string().value_or("");
  if (page.resource_version.empty()) return Malformed(path, "has no resourceVersion");
  return page;
}

}  // namespace

ApiResult<std::string> ListAll(ApiClient& client, std::string_view path,
                               const std::function<void(JsonView)>& visit,
                               const ListOptions& options, const std::stop_token& stop) {
  ObjectParser parser;
  std::string next;
  // A server that never comes to an end is not believed for ever.
  constexpr int kMostPages = 100'000;
  for (int pages = 0; pages < kMostPages; ++pages) {
    auto page = ReadPage(client, path, TargetOf(path, options, next), visit, options, parser, stop);
    if (!page) return page.error();
    if (page->next.empty()) return std::move(page->resource_version);
    next = std::move(page->next);
  }
  return Malformed(path, "has no end");
}

ApiResult<ListedPage> ListPage(ApiClient& client, std::string_view path, const std::string& next,
                               const std::function<void(JsonView)>& visit,
                               const ListOptions& options, const std::stop_token& stop) {
  ObjectParser parser;
  return ReadPage(client, path, TargetOf(path, options, next), visit, options, parser, stop);
}

}  // namespace ballast::k8s
