// The page as a text: nothing that others have chosen becomes markup, and nothing in it needs a
// hole in its Content-Security-Policy.
#include "webhook/page/page_html.h"

#include <gtest/gtest.h>

#include <regex>
#include <string>

#include "webhook/page/explain_manifest.h"
#include "webhook/page/html.h"
#include "webhook/page/page_files.h"

namespace ballast::webhook {
namespace {

bool Has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

// The page without its own script and style.
std::string Body(const std::string& page) {
  std::string body = page.substr(page.find("</head>"));
  return body.substr(0, body.find("<script>"));
}

PageFacts Facts() {
  PageFacts facts;
  facts.now = 1'795'255'200;  // 2026-11-21T10:00:00Z
  facts.started = facts.now - 7200;
  facts.version = "1.2.3";
  facts.replica = "ballast-0";
  facts.certificate_ends = facts.now + 10 * 86400;
  facts.most_decisions = 200;
  facts.cluster.nodes = 41;
  facts.cluster.use = UseOf({policy::Gibibytes(1000), policy::Cores(100)},
                            {policy::Gibibytes(500), policy::Cores(10)});
  facts.cluster.use.applications = 3;
  return facts;
}

TEST(Html, EscapesAndKeepsUtf8) {
  EXPECT_EQ(Escaped("a<b>&\"'c"), "a&lt;b&gt;&amp;&quot;&#39;c");
  EXPECT_EQ(Escaped("\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80"),
            "\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80");
  EXPECT_EQ(Escaped("\x01\x7F"), "\xEF\xBF\xBD\xEF\xBF\xBD");
  EXPECT_EQ(Escaped("\n\t"), "\n\t");
  const std::pair<const char*, const char*> kBroken[] = {{"OverlongSlash", "\xC0\xAF"},
                                                         {"Surrogate", "\xED\xA0\x80"},
                                                         {"CutOff", "\xE2\x82"},
                                                         {"Latin1", "\xFF<"}};
  for (const auto& [name, text] : kBroken) {
    const std::string escaped = Escaped(text);
    EXPECT_TRUE(escaped.starts_with("\xEF\xBF\xBD")) << name;
    EXPECT_FALSE(Has(escaped, "<")) << name;
  }
  EXPECT_EQ(Foreign("<\xE2\x80\xAE>"), "<bdi>&lt;\xE2\x80\xAE&gt;</bdi>");
}

TEST(PageHtml, TellsWhatThereIs) {
  PageFacts facts = Facts();
  RecentDecision decision;
  decision.seconds = facts.now - 200;
  decision.operation = "CREATE";
  decision.kind = "SparkApplication";
  decision.namespace_name = "team-a";
  decision.name = "job";
  decision.verdict = policy::VerdictKind::kRewritten;
  decision.before = "driver 2Gi 1 cpu, executors 4 x 60Gi 4 cpu";
  decision.after = "driver 2Gi 1 cpu, executors 8 x 30Gi 2 cpu";
  decision.reasons = {"executor-fits-node: too large"};
  facts.decisions = {decision};
  facts.rules = {{"executor-fits-node", "splits what fits on no node", 1, 2345, 3}};
  facts.policies = {
      {.name = "org", .mode = "Enforce", .priority = 10, .state = "in force", .rewritten = 7}};
  facts.exceptions = {{"team-a", "quarter-end", "kryo-buffer", facts.now + 3 * 86400}};
  const std::string page = RenderPage(facts);
  for (const char* part :
       {"<h1>Ballast</h1>", "ends in <time datetime=\"2026-12-01T10:00:00Z\">10 days</time>",
        "41 nodes may run Spark", "500 GiB of 1000 GiB asked for",
        "10 of 100 asked for, 40 stranded", "<bdi>team-a/job</bdi>", "3 min ago",
        "<del>driver 2Gi 1 cpu, executors 4 x 60Gi 4 cpu</del>",
        "<ins>driver 2Gi 1 cpu, executors 8 x 30Gi 2 cpu</ins>", "executor-fits-node: too large",
        "<code>executor-fits-node</code>", "2,345", "<bdi>org</bdi>", "in force",
        "<bdi>team-a/quarter-end</bdi>", "3 days", "Ballast 1.2.3"}) {
    EXPECT_TRUE(Has(page, part)) << part;
  }
  EXPECT_FALSE(Has(page, "{{"));
  EXPECT_FALSE(Has(Body(page), "class=\"alarm\""));
  facts.certificate_ends = facts.now + 3600;
  facts.cluster.unknown = "no nodes were seen";
  const std::string alarmed = RenderPage(facts);
  EXPECT_TRUE(Has(alarmed, "<p class=\"alarm\">Its certificate ends in"));
  EXPECT_TRUE(Has(alarmed, "Nothing is known of the cluster: no nodes were seen."));
}

// What somebody who wants to be markup would be called.
const std::string kHostile =
    "\"><script>alert(1)</script><img src=x onerror=alert(1)>{{script}}' style='x' </textarea>";

TEST(PageHtml, NoTextOfOthersBecomesMarkup) {
  PageFacts facts = Facts();
  RecentDecision decision;
  decision.operation = decision.kind = decision.namespace_name = decision.name = kHostile;
  decision.before = decision.after = kHostile;
  decision.reasons = {kHostile};
  facts.decisions = {decision};
  facts.replica = facts.version = facts.cluster.unknown = kHostile;
  facts.policies = {{.name = kHostile, .mode = kHostile, .state = kHostile, .wrong = {kHostile}}};
  facts.exceptions = {{kHostile, kHostile, kHostile, 0}};
  facts.explanation = Explanation{
      kHostile, {kHostile}, {{kHostile, kHostile, {kHostile}, kHostile, kHostile, kHostile}}, 0};
  const std::string page = RenderPage(facts);
  const std::string body = Body(page);
  EXPECT_FALSE(Has(body, "<script>alert"));
  EXPECT_FALSE(Has(body, "<img"));
  EXPECT_TRUE(Has(body, "&lt;script&gt;alert(1)&lt;/script&gt;"));
  // The page's own, and no other.
  const auto count = [&](const std::string& what) {
    size_t times = 0;
    for (size_t at = page.find(what); at != std::string::npos; at = page.find(what, at + 1))
      ++times;
    return times;
  };
  EXPECT_EQ(count("<script"), 1U);
  EXPECT_EQ(count("</textarea"), 1U);
  EXPECT_EQ(count("<style"), 1U);
}

TEST(PageHtml, AManifestThatIsMarkupIsExplainedAsText) {
  const std::string manifest =
      "apiVersion: sparkoperator.k8s.io/v1beta2\nkind: SparkApplication\n"
      "metadata: {name: '<script>alert(1)</script>', namespace: '<b>'}\n"
      "spec: {type: Scala, sparkVersion: '<i>', driver: {memory: '<u>'},\n"
      "  executor: {memory: '</pre><script>', instances: 2, cores: 1},\n"
      "  sparkConf: {spark.hadoop.fs.s3a.secret.key: hush}}\n";
  PageFacts facts = Facts();
  facts.explanation = ExplainManifest(manifest, {}, facts.now);
  ASSERT_EQ(facts.explanation->documents.size(), 1U) << facts.explanation->mistakes[0];
  EXPECT_EQ(facts.explanation->documents[0].verdict, "Rejected");
  facts.explanation->manifest.clear();
  const std::string body = Body(RenderPage(facts));
  EXPECT_FALSE(Has(body, "<script"));
  EXPECT_TRUE(Has(body, "&lt;/b&gt;") || Has(body, "&lt;b&gt;")) << body;
  EXPECT_FALSE(Has(body, "hush"));
}

TEST(PageHtml, NeedsNoHoleInItsPolicy) {
  const std::string page = RenderPage(Facts());
  const std::string& policy = PageSecurityPolicy();
  EXPECT_TRUE(Has(policy, "default-src 'none'; script-src 'sha256-"));
  EXPECT_FALSE(Has(policy, "unsafe"));
  EXPECT_FALSE(Has(policy, "http"));
  EXPECT_TRUE(Has(policy, "frame-ancestors 'none'"));
  EXPECT_FALSE(std::regex_search(page, std::regex(R"(<[^>]*\sstyle=)")));
  EXPECT_FALSE(std::regex_search(page, std::regex(R"(<[^>]*\son[a-z]+=)")));
  EXPECT_FALSE(std::regex_search(page, std::regex(R"((src|href)="(https?:)?//)")));
  EXPECT_TRUE(Has(page, "<style>" + std::string(kPageStyle) + "</style>"));
  EXPECT_TRUE(Has(page, "<script>" + std::string(kPageScript) + "</script>"));
  EXPECT_FALSE(Has(std::string(kPageScript), "</script"));
}

TEST(ExplainManifest, SaysWhatIsWrongWithItsPlace) {
  const Explanation broken = ExplainManifest("a: [", {}, 0);
  ASSERT_EQ(broken.mistakes.size(), 1U);
  EXPECT_TRUE(broken.mistakes[0].starts_with("the manifest:1:")) << broken.mistakes[0];
  const Explanation other = ExplainManifest("kind: Service\napiVersion: v1\n", {}, 0);
  ASSERT_EQ(other.mistakes.size(), 1U);
  EXPECT_TRUE(Has(other.mistakes[0], "holds no Spark object"));
  std::string many;
  for (int i = 0; i < 30; ++i) {
    many +=
        "---\napiVersion: sparkoperator.k8s.io/v1beta2\nkind: SparkApplication\n"
        "metadata: {name: a}\nspec: {driver: {}, executor: {instances: 1}}\n";
  }
  const Explanation cut = ExplainManifest(many, {}, 0);
  EXPECT_EQ(cut.documents.size(), 20U);
  EXPECT_EQ(cut.left_out, 10U);
  EXPECT_EQ(ExplainManifest(std::string(300'000, '#'), {}, 0).manifest, "");
}

TEST(ExplainManifest, KnowsWhatASubmissionMakesFromOthersOfItsKind) {
  const Explanation got = ExplainManifest(
      "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: spark-drv-0a1b-conf-map}\n"
      "data: {spark.properties: \"spark.executor.memory=8g\\n\"}\n"
      "---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: other}\ndata: {}\n"
      "---\napiVersion: v1\nkind: Pod\nmetadata: {name: d, labels: {spark-role: driver}}\n"
      "spec:\n  containers:\n  - name: spark-kubernetes-driver\n    args: [driver]\n"
      "    resources: {requests: {cpu: 1, memory: 2Gi}, limits: {memory: 2Gi}}\n"
      "---\napiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec: {containers: []}\n",
      {}, 0);
  EXPECT_TRUE(got.mistakes.empty()) << got.mistakes[0];
  ASSERT_EQ(got.documents.size(), 2U);
  EXPECT_EQ(got.documents[0].title, "ConfigMap default/spark-drv-0a1b-conf-map");
  EXPECT_EQ(got.documents[1].title, "Pod default/d");
  EXPECT_EQ(got.documents[1].verdict, "Admitted");
}

}  // namespace
}  // namespace ballast::webhook
