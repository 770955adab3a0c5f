// The page of the real program: who gets it, under which headers, and what stands in it.
#include <gtest/gtest.h>

#include <string>

#include "tests/service/running_service.h"

namespace ballast::service_test {
namespace {

struct PageService {
  PageService() : service({"--page-listen", "127.0.0.1:0"}) {
    page.port = service.program->Port("\"listening for the page\"");
    page.tls = false;
  }
  std::string Host() const { return "localhost:" + std::to_string(page.port); }
  std::optional<fakes::Answer> Get(const std::string& host) const {
    return fakes::Ask(page, "GET / HTTP/1.1\r\nHost: " + host + "\r\n\r\n");
  }
  std::optional<fakes::Answer> Explain(const std::string& body, const std::string& more) const {
    return fakes::Ask(page, "POST /explain HTTP/1.1\r\nHost: " + Host() + "\r\n" + more +
                                "Content-Type: application/x-www-form-urlencoded\r\n"
                                "Content-Length: " +
                                std::to_string(body.size()) + "\r\n\r\n" + body);
  }

  RunningService service;
  fakes::ClientOptions page;
};

bool Has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST(Page, ShowsWhatWasDecided) {
  PageService running;
  const auto decided = running.service.Ask(fakes::Post("/mutate?timeout=5s", OrdinaryReview()));
  ASSERT_TRUE(decided && decided->status == 200);
  const auto page = running.Get(running.Host());
  ASSERT_TRUE(page);
  EXPECT_EQ(page->status, 200);
  EXPECT_TRUE(Has(page->body, "<bdi>default/pi</bdi>")) << page->body;
  EXPECT_TRUE(Has(page->body, "10 nodes may run Spark"));
  EXPECT_TRUE(Has(page->body, "<bdi>test</bdi>"));
  for (const char* header :
       {"Content-Security-Policy: default-src 'none'; ", "X-Content-Type-Options: nosniff\r\n",
        "X-Frame-Options: DENY\r\n", "Referrer-Policy: same-origin\r\n",
        "Cross-Origin-Resource-Policy: same-origin\r\n", "Cache-Control: no-store\r\n"}) {
    EXPECT_TRUE(page->has(header)) << header << page->head;
  }
  // It stands on no other port, and has nothing else on its own.
  EXPECT_EQ(running.service.Ask(fakes::Get("/"))->status, 404);
  EXPECT_EQ(fakes::Ask(running.page, "GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n")->status,
            404);
  EXPECT_EQ(fakes::Ask(running.page, "DELETE / HTTP/1.1\r\nHost: localhost\r\n\r\n")->status, 405);
}

TEST(Page, IsForThisMachineAlone) {
  PageService running;
  EXPECT_EQ(running.Get("127.0.0.1")->status, 200);
  const auto rebound = running.Get("evil.example:" + std::to_string(running.page.port));
  ASSERT_TRUE(rebound);
  EXPECT_EQ(rebound->status, 403);
  EXPECT_FALSE(Has(rebound->body, "<"));
  EXPECT_EQ(running.Get("localhost\r\nHost: localhost")->status, 403);
  EXPECT_EQ(running.Explain("manifest=a", "Origin: https://evil.example\r\n")->status, 403);
  EXPECT_EQ(running.Explain("manifest=a", "Sec-Fetch-Site: cross-site\r\n")->status, 403);

  for (const char* everywhere : {":0", "0.0.0.0:0", "192.0.2.1:8081"}) {
    RunningService other({"--page-listen", everywhere}, /*start=*/false);
    fakes::Program program(other.arguments);
    EXPECT_EQ(program.Wait(std::chrono::seconds(20)), 2) << everywhere;
    EXPECT_NE(program.Line("the page is for loopback alone"), "") << everywhere;
  }
}

TEST(Page, ExplainsWhatIsPastedIn) {
  PageService running;
  const std::string own =
      "Origin: http://" + running.Host() + "\r\nSec-Fetch-Site: same-origin\r\n";
  const auto explained = running.Explain(
      "manifest=apiVersion%3A+sparkoperator.k8s.io%2Fv1beta2%0Akind%3A+SparkApplication%0A"
      "metadata%3A+%7Bname%3A+pasted%7D%0Aspec%3A+%7Bexecutor%3A+%7Bmemory%3A+%22300g%22%2C+"
      "cores%3A+4%2C+instances%3A+2%7D%7D",
      own);
  ASSERT_TRUE(explained);
  EXPECT_EQ(explained->status, 200);
  EXPECT_TRUE(Has(explained->body, "SparkApplication default/pasted")) << explained->body;
  EXPECT_TRUE(Has(explained->body, "executor-fits-node")) << explained->body;
  // A dry run by hand is none of the decisions.
  EXPECT_TRUE(Has(explained->body, "None yet."));
  EXPECT_EQ(running.Explain("", own)->status, 400);
  EXPECT_EQ(running.Explain("other=1", own)->status, 400);
  const auto text = fakes::Ask(running.page, "POST /explain HTTP/1.1\r\nHost: " + running.Host() +
                                                 "\r\nContent-Type: text/plain\r\n"
                                                 "Content-Length: 1\r\n\r\nx");
  EXPECT_EQ(text->status, 415);
  const auto large = fakes::Ask(running.page, "POST /explain HTTP/1.1\r\nHost: " + running.Host() +
                                                  "\r\nContent-Length: 7340033\r\n\r\n");
  EXPECT_EQ(large->status, 413);
}

}  // namespace
}  // namespace ballast::service_test
