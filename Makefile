.PHONY: help up down clean packages build test lint contract format bench
.DEFAULT_GOAL := help

help: ## 列出所有目标 Lists all targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

up: ## 启动本地环境并导入数据包 Starts the local stack (TIAOKUAI_LOCAL=dir TIAOKUAI_PORTS=base for a second one)
	@deploy/local/up.sh

down: ## 停止本地环境，保留数据 Stops the local stack and keeps its data
	@deploy/local/down.sh

clean: ## 停止并删除本地环境 Stops the local stack and removes it with its data
	@deploy/local/clean.sh

packages: ## 安装缺少的系统软件包 Installs the system packages that are missing
	@deploy/scripts/packages.sh

build: ## 编译全部程序和测试 Builds all programs and tests (release)
	@deploy/scripts/build.sh

test: ## 编译并运行全部测试 Builds once and runs all tests
	@deploy/scripts/test.sh

lint: ## 检查代码格式 Checks the style of the sources
	@deploy/scripts/lint.sh

contract: ## 按接口文档检验运行中的服务 Fuzzes the running services against their interface documents
	@deploy/scripts/contract.sh

format: ## 自动整理代码格式 Formats the sources
	@swift format -i -r Package.swift Shared Services Tests

bench: ## 运行性能测试，可指定名称 Runs the benchmarks, or those named: make bench lifecycle
	@deploy/scripts/bench.sh $(BENCHMARKS)

# What stands behind `bench` names benchmarks and is no target.
ifeq (bench,$(firstword $(MAKECMDGOALS)))
BENCHMARKS := $(wordlist 2,$(words $(MAKECMDGOALS)),$(MAKECMDGOALS))
.PHONY: $(BENCHMARKS)
$(BENCHMARKS): ; @:
endif
