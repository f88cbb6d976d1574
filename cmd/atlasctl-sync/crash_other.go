//go:build !unix

package main

import (
	"os"
	"syscall"
)

var forwarded = []os.Signal{os.Interrupt}

func noCoreFile() {} // none is written unless an administrator asks for it

func ownGroup() *syscall.SysProcAttr { return nil }
