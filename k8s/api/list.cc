#include "k8s/api/list.h"

#include <utility>

#include "k8s/api/list_splitter.h"
#include "k8s/api/object_parser.h"

namespace ballast::k8s {
namespace {

struct Page {
  std::string resource_version;
  std::string next;  // the continue token; empty: the last page
};

ApiError Malformed(std::string_view path, const char* what) {
  return {0, std::string(kMalformed), "the list of " + std::string(path) + " " + what};
}

ApiResult<Page> ListPage(ApiClient& client, std::string_view path, const std::string& target,
                         const std::function<void(JsonView)>& visit, const ListOptions& options,
                         ObjectParser& parser, const std::stop_token& stop) {
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
  Page page;
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
  const char joint = path.find('?') == std::string_view::npos ? '?' : '&';
  const std::string first =
      std::string(path) + joint + "limit=" + std::to_string(options.page_limit);
  std::string target = first;
  // A server that never comes to an end is not believed for ever.
  constexpr int kMostPages = 100'000;
  for (int pages = 0; pages < kMostPages; ++pages) {
    auto page = ListPage(client, path, target, visit, options, parser, stop);
    if (!page) return page.error();
    if (page->next.empty()) return std::move(page->resource_version);
    target = first + "&continue=" + QueryValue(page->next);
  }
  return Malformed(path, "has no end");
}

}  // namespace ballast::k8s
