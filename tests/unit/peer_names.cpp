#include "daemon/peer/names.hpp"

#include <gtest/gtest.h>

namespace p2pd::peer {
namespace {

ContentId content(std::string digits) {
  digits.resize(64, '0');
  return *proto::content_id(digits);
}

proto::Publisher publisher(std::uint8_t id, const std::string& name) {
  proto::Publisher publisher{{}, name, "192.0.2." + std::to_string(id) + ":7440"};
  publisher.id.bytes.fill(id);
  return publisher;
}

CatalogEntry row(const std::string& digits, const std::string& name,
                 std::vector<proto::Publisher> publishers = {}) {
  CatalogEntry row;
  row.content = content(digits);
  row.name.bytes = name;
  row.size = 1000;
  row.chunk_size = proto::usual_chunk_size;
  row.publishers.assign(publishers.begin(), publishers.end());
  row.publishers_total = static_cast<std::uint32_t>(publishers.size());
  return row;
}

// The content that is chosen, in two digits, or what the failure says.
std::string chosen(const std::vector<CatalogEntry>& rows, std::string_view word) {
  Failure failure;
  const auto entry = choose(rows, word, failure);
  if (entry) return to_text(entry->content).substr(0, 2);
  return failure.message + "; " + failure.remedy;
}

const proto::Publisher nas = publisher(1, "nas"), build = publisher(2, "build-07"),
                       third = publisher(3, "third");

TEST(SplitName, SplitsAtTheLastAt) {
  EXPECT_EQ(split_name("file@nas")->name, "file");
  EXPECT_EQ(split_name("file@nas")->peer, "nas");
  EXPECT_EQ(split_name("user@host.tar@nas")->name, "user@host.tar");
  EXPECT_EQ(split_name("user@host.tar@nas")->peer, "nas");
  EXPECT_EQ(split_name("f@192.0.2.1:7440")->peer, "192.0.2.1:7440");
  EXPECT_EQ(split_name("@@x")->name, "@");
  for (const char* word : {"", "@", "file", "file@", "@nas", "a@b@"})
    EXPECT_FALSE(split_name(word)) << word;
}

TEST(Choose, TakesTheOnlyContent) {
  EXPECT_EQ(chosen({row("aa", "file", {nas})}, "file"), "aa");
  EXPECT_EQ(chosen({row("aa", "file")}, "file"), "aa");
  EXPECT_EQ(chosen({row("aa", "one", {nas}), row("aa", "two", {nas})}, "aa"), "aa");
}

TEST(Choose, SaysThatNobodyOffersIt) {
  Failure failure;
  EXPECT_FALSE(choose({}, "fi\xffle", failure));
  EXPECT_EQ(failure.code, proto::ExitCode::not_found);
  EXPECT_EQ(failure.message, "nobody offers \"fi\xef\xbf\xbdle\"");
  EXPECT_FALSE(failure.remedy.empty());
}

TEST(Choose, PrefersAClaimedName) {
  EXPECT_EQ(chosen({row("aa", "file"), row("bb", "file", {nas}), row("cc", "file")}, "file"), "bb");
  EXPECT_EQ(chosen({row("aa", to_text(content("aa"))), row("bb", "file", {nas})}, "file"), "bb");
}

TEST(Choose, LetsSeveralClaimOneContent) {
  EXPECT_EQ(chosen({row("aa", "file", {nas, build})}, "file"), "aa");
}

TEST(Choose, NamesTheContentsBetweenWhichItCannotChoose) {
  auto many = row("bb", "ubuntu.iso", {build, third});
  many.size = 2000;
  many.publishers_total = 25;
  Failure failure;
  EXPECT_FALSE(choose({row("aa", "ubuntu.iso", {nas}), many, row("cc", "ubuntu.iso")}, "ubuntu.iso",
                      failure));
  EXPECT_EQ(failure.code, proto::ExitCode::failed);
  EXPECT_EQ(failure.message,
            "\"ubuntu.iso\" is several contents: aa0000000000 (1000 bytes, from nas), "
            "bb0000000000 (2000 bytes, from build-07 and 24 more)");
  EXPECT_EQ(failure.remedy, "name one by its id or as ubuntu.iso@nas");
}

TEST(Choose, CannotChooseBetweenNamesThatNobodyClaims) {
  Failure failure;
  EXPECT_FALSE(choose({row("aa", "file"), row("bb", "file")}, "file", failure));
  EXPECT_EQ(failure.message, "\"file\" is several contents: aa0000000000 (1000 bytes, nobody "
                             "claims it), bb0000000000 (1000 bytes, nobody claims it)");
  EXPECT_EQ(failure.remedy, "name one by its id");
}

// A prefix of two ids is no name that one of them could claim: the other may well be meant.
TEST(Choose, TakesNoPrefixThatIsNotUnique) {
  const auto failure = chosen({row("a1", "one", {nas}), row("a2", "two")}, "a");
  EXPECT_TRUE(failure.starts_with("\"a\" is several contents: ")) << failure;
  EXPECT_TRUE(failure.ends_with("; name one by its id")) << failure;
}

TEST(OfPublisher, KeepsWhatThatPeerClaims) {
  const std::vector<CatalogEntry> rows{row("aa", "file", {nas, build}), row("bb", "file", {third}),
                                       row("cc", "file")};
  const auto kept = [&](std::string_view peer) {
    std::string ids;
    for (const CatalogEntry& one : of_publisher(rows, peer).rows)
      ids += to_text(one.content).substr(0, 2) + ' ';
    return ids;
  };
  EXPECT_EQ(kept("nas"), "aa ");
  EXPECT_EQ(kept("build-07"), "aa ");
  EXPECT_EQ(kept("third"), "bb ");
  EXPECT_EQ(kept("192.0.2.3:7440"), "bb ");
  EXPECT_EQ(kept(to_text(third.id)), "bb ");
  EXPECT_EQ(kept(to_text(third.id).substr(0, 10)), "bb ");
  EXPECT_EQ(kept("na"), "");
  EXPECT_EQ(kept("nobody"), "");
}

// Neither one that calls itself so, nor one whose id was made to begin so.
TEST(OfPublisher, MeansTheOneThatIsKnownByTheName) {
  auto impostor = publisher(9, "nas");
  const std::vector<CatalogEntry> rows{row("aa", "file", {build, nas}),
                                       row("bb", "file", {impostor})};
  const OfPublisher both = of_publisher(rows, "nas");
  EXPECT_EQ(both.rows.size(), 2U) << "as long as none is known";
  EXPECT_TRUE(both.others.empty());
  const OfPublisher of = of_publisher(rows, "nas", nas.id);
  ASSERT_EQ(of.rows.size(), 1U);
  EXPECT_EQ(of.rows.front().content, content("aa"));
  EXPECT_EQ(of.rows.front().publishers.front().id, nas.id) << "it stands first";
  ASSERT_EQ(of.others.size(), 1U);
  EXPECT_EQ(of.others.front().id, impostor.id);
  const std::string warning = warning_of(of.others, "nas", nas.id);
  EXPECT_NE(warning.find(to_text(impostor.id)), std::string::npos) << warning;
  EXPECT_EQ(warning_of({}, "nas", nas.id), "");
  const std::string begins = to_text(third.id).substr(0, 3);
  const std::vector<CatalogEntry> made{row("cc", "file", {third})};
  EXPECT_EQ(of_publisher(made, begins).rows.size(), 1U);
  EXPECT_TRUE(of_publisher(made, begins, nas.id).rows.empty());
}

TEST(Merge, JoinsWhatSeveralTrackersKnow) {
  auto here = row("aa", "file", {nas, build}), there = row("aa", "file", {build, third});
  here.sources = 5;
  here.partial = 1;
  there.sources = 3;
  there.partial = 4;
  const auto merged = merge({here, row("bb", "file", {third}), there, row("aa", "alias", {nas})});
  ASSERT_EQ(merged.size(), 3U);
  EXPECT_EQ(merged[0].name.bytes, "alias"); // in the order of names
  EXPECT_EQ(merged[1].content, content("aa"));
  EXPECT_EQ(merged[1].sources, 5U);
  EXPECT_EQ(merged[1].partial, 4U);
  std::vector<std::string> names;
  for (const proto::Publisher& one : merged[1].publishers) names.push_back(one.name);
  EXPECT_EQ(names, (std::vector<std::string>{"nas", "build-07", "third"}));
  EXPECT_EQ(merged[1].publishers_total, 3U);
  EXPECT_EQ(merged[2].content, content("bb"));
  EXPECT_TRUE(merge({}).empty());
}

TEST(Merge, NamesNoMorePublishersThanARowHolds) {
  CatalogEntry one = row("aa", "file"), two = row("aa", "file");
  for (std::uint8_t i = 0; i < 20; ++i) {
    one.publishers.push_back(publisher(i, "x"));
    two.publishers.push_back(publisher(static_cast<std::uint8_t>(100 + i), "y"));
  }
  one.publishers_total = two.publishers_total = 30;
  const auto merged = merge({one, two});
  ASSERT_EQ(merged.size(), 1U);
  EXPECT_EQ(merged[0].publishers.size(), 20U);
  EXPECT_EQ(merged[0].publishers_total, 30U);
}

} // namespace
} // namespace p2pd::peer
