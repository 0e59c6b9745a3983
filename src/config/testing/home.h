// A temporary directory with files, gone at the end (tests only).
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <string>
#include <string_view>

#include "base/file.h"

namespace gander::config::testing {

class Home {
 public:
  Home() {
    std::string name = ::testing::TempDir() + "gander-config-XXXXXX";
    EXPECT_NE(::mkdtemp(name.data()), nullptr);
    path_ = name;
  }
  Home(const Home&) = delete;
  Home& operator=(const Home&) = delete;
  ~Home() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }

  const std::string& path() const { return path_; }
  std::string at(const std::string& name) const { return path_ + "/" + name; }
  std::string write(const std::string& name, std::string_view content) const {
    EXPECT_TRUE(base::write_file_atomically(at(name), content).has_value());
    return at(name);
  }

 private:
  std::string path_;
};

}  // namespace gander::config::testing
