#include "store_fixture.hpp"

namespace p2pd::store {

using namespace disk; // its fixture, and what a path and a fault are made of
namespace {

class PartNameTest : public WriteTest {
 protected:
  void expect_fetched(const std::string& name) const {
    const auto store = create(name);
    ASSERT_TRUE(store.ok()) << name << ": " << store.fault().message;
    write_all(**store);
    const disk::Outcome finished = (*store)->finish(false);
    ASSERT_TRUE(finished.ok()) << finished.fault().message;
    expect_content(name);
    fs::remove(at(name));
  }
};

TEST_F(PartNameTest, IsShortAndItsOwn) {
  EXPECT_EQ(part_name("film"), ".p2pd-5e5615d6c2497121.part") << "as earlier versions made it";
  EXPECT_TRUE(is_own_name(part_name("")));
  EXPECT_TRUE(is_own_name(part_name(std::string(255, 'n'))));
  EXPECT_NE(part_name("film"), part_name("Film"));
  EXPECT_TRUE(is_own_name(own_name("film", ".old")));
  for (const char* const other :
       {"", ".part", "film.part", ".p2pd-.part", ".p2pd-5e5615d6c249712g.part",
        ".p2pd-5e5615d6c24971210.part", "p2pd-5e5615d6c2497121.part"})
    EXPECT_FALSE(is_own_name(other)) << other;
}

TEST_F(PartNameTest, LeavesEveryNameToTheDestination) {
  for (const std::size_t length : {250U, 251U, 252U, 254U, 255U}) {
    content("a file");
    expect_fetched(std::string(length, 'n'));
    content("a file", {entry(Kind::file, "f", 6)});
    const std::string name(length, 't');
    const auto store = create(name);
    ASSERT_TRUE(store.ok()) << store.fault().message;
    write_all(**store);
    EXPECT_TRUE((*store)->finish(false).ok());
    expect_content(name);
  }
  content("a file");
  make("film", "somebody's");
  make("film.part", "somebody's");
  expect_fetched("film.part.part");
  EXPECT_EQ(contents(at("film.part")), "somebody's");
}

TEST_F(PartNameTest, RefusesANameThatTheFileSystemDoesNotTake) {
  content("a file");
  disk::Folders::Parent long_one = parent("got");
  long_one.leaf = std::string(256, 'n');
  const disk::Outcome refused = check_name(long_one);
  ASSERT_TRUE(refused.fault().is(ENAMETOOLONG)) << refused.fault().message;
  EXPECT_TRUE(fs::is_empty(top_)) << "it leaves nothing behind";

  make_folder(own_name("got", ".name") + "/got"); // the machine went down
  EXPECT_TRUE(check_name(parent("got")).ok());
  EXPECT_TRUE(fs::is_empty(top_));
}

TEST_F(PartNameTest, TakesOverWhatEarlierVersionsLeft) {
  content(random_text(50'000, 1));
  { const auto store = create(); }
  fs::rename(at(part()), at("got.part"));
  rename_old_part(parent("got"), manifest_);
  EXPECT_TRUE(resume().ok());
  fs::rename(at(part()), at("got.part"));
  fs::resize_file(at("got.part"), 0); // as it was made, before it had its size
  rename_old_part(parent("got"), manifest_);
  EXPECT_TRUE(resume().ok());
  fs::remove(at(part()));

  tree();
  { const auto store = create(); }
  fs::rename(at(part()), at("got.part"));
  rename_old_part(parent("got"), manifest_);
  EXPECT_TRUE(resume().ok());
}

TEST_F(PartNameTest, LeavesAloneWhatIsNoOldPart) {
  content(random_text(50'000, 1));
  const auto left_alone = [&] {
    rename_old_part(parent("got"), manifest_);
    return fs::exists(fs::symlink_status(at("got.part")));
  };
  make("got.part", "of another size");
  EXPECT_TRUE(left_alone());
  fs::remove(at("got.part"));
  make("victim", text_);
  fs::create_symlink("victim", at("got.part"));
  EXPECT_TRUE(left_alone());
  fs::remove(at("got.part"));
  fs::create_hard_link(at("victim"), at("got.part"));
  EXPECT_TRUE(left_alone());
  fs::remove(at("got.part"));
  make_folder("got.part");
  EXPECT_TRUE(left_alone());
  fs::remove(at("got.part"));
  make("got.part", text_);
  make(part(), "the one that counts");
  EXPECT_TRUE(left_alone());
  EXPECT_EQ(contents(at(part())), "the one that counts");
}

} // namespace
} // namespace p2pd::store
